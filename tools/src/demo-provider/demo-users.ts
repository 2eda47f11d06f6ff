/** A person of the demo provider. */
export interface DemoUser {
  readonly id: string;
  readonly name: string;
  /** The app role, as in the defaults of OIDC_READER_PERMISSIONS and so on. */
  readonly role: string;
  /** For the sign-in page. */
  readonly description: string;
}

/** The people of the demo provider, one for each role. */
export const demoUsers: readonly DemoUser[] = [
  {
    id: 'reader',
    name: 'Demo reader',
    role: 'Aether.Reader',
    description: 'sees everything, changes nothing',
  },
  {
    id: 'writer',
    name: 'Demo writer',
    role: 'Aether.Writer',
    description: 'also starts, changes and deletes VMs',
  },
  { id: 'admin', name: 'Demo admin', role: 'Aether.Admin', description: 'may do everything' },
];
