/** Bibliography: every `source` in the tables of this folder begins with one of these keys. */
export const SOURCES = {
  VTD: 'Intel Virtualization Technology for Directed I/O, Architecture Specification (chapters 3.14, 5, 6.5, 7, 9.10 to 9.12, 11.4)',
  AMD: 'AMD I/O Virtualization Technology (IOMMU) Specification, 48882 (sections 2.2.2, 2.2.5, 2.4, 2.5, 3.4)',
  SDM: 'Intel 64 and IA-32 Architectures Software Developer Manual, volume 3A, chapter 11 (local APIC, message format), volume 3C, section 31.6 (posted interrupts)',
  PCI: 'PCI Local Bus Specification 3.0 section 6.8 and PCI Express Base Specification 7.7 (MSI, MSI-X)',
  IOAPIC: 'Intel 82093AA I/O Advanced Programmable Interrupt Controller datasheet',
  LINUX: 'Linux kernel source; file and version are given with each fact',
  KVM: 'Linux virt/kvm documentation and arch/x86/kvm, arch/x86/include/uapi/asm/kvm_para.h',
  QEMU: 'QEMU source, hw/i386/intel_iommu.c and hw/i386/amd_iommu.c (10.x)',
  XEN: 'Xen hypervisor source; the commit is given with each fact',
  VBOX: 'VirtualBox source, DevIommuIntel.cpp and DevIommuAmd.cpp (7.0): another reading of the specifications',
  HT: 'HyperTransport I/O Link Specification 3.10, interrupt requests',
  HPET: 'IA-PC HPET Specification 1.0a, section 2.3.9 (interrupts by front side bus)',
  DSA: 'Intel Data Streaming Accelerator architecture specification (interrupt message storage)',
  TGLX: 'Thomas Gleixner, mail "Re: [PATCH v4 06/17] PCI: add SIOV and IMS capability detection", November 2020',
} as const;
