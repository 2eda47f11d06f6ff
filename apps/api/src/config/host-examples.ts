/** Example values of HYPERV_HOSTS, by what they configure. */
export const hostExamples: Readonly<Record<string, string>> = {
  'A host by name: port 5985 (WINRM_PORT), messages encrypted by Kerberos or NTLM': 'hv01.example.org',
  'Two hosts, the second over HTTPS': 'hv01.example.org,hv02.example.org:5986',
  'All nodes of a failover cluster': 'cluster:cl01.example.org',
  'A host registered under another service principal name':
    'https://hv01.example.org:5986/wsman?auth=kerberos&spn=HTTP/hv01.example.org',
  'A host outside the domain with a self-signed certificate':
    'https://192.0.2.10:5986/wsman?auth=ntlm&fingerprint=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'A restricted endpoint (JEA)': 'https://hv01.example.org:5986/wsman?configuration=Aether-V',
  'A host that has WinRM but no PowerShell Remoting': 'winrs+https://hv01.example.org:5986/wsman',
  'The machine that the service runs on': 'local:',
};
