// What the benchmark uses of simjs 2.0.3, which has no types and leaves its API in `window.Sim`.

declare module 'simjs';

declare namespace Simjs {
  class Entity {
    constructor(sim: Sim, name: string);
    time(): number;
    send(message: number, delay: number, to: Entity): void;
  }
  class Sim {
    addEntity<E extends Entity, A extends unknown[]>(
      kind: new (sim: Sim, name: string) => E & { start(...rest: A): void },
      name: string,
      ...rest: A
    ): E;
    simulate(endTime: number, maxEvents: number): boolean;
  }
}

declare var Sim: { readonly Sim: typeof Simjs.Sim; readonly Entity: typeof Simjs.Entity };
