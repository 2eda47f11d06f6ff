@{
    RootModule           = 'AetherV.HostAgent.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '5f0d9c0e-7c3a-4a57-9a43-3b1f0a6c2d11'
    Author               = 'The Aether-V authors'
    Copyright            = 'Apache-2.0'
    Description          = 'Carries out what an Aether-V service asks of a Hyper-V host: one command, JSON lines out.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    FunctionsToExport    = @('Invoke-AetherVOperation')
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
}
