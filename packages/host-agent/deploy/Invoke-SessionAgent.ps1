# Runs in a runspace without the agent: defines its command, then calls it. The text of the agent is sent once per
# session. Its script block stays in this process, where further runspaces find it and script block logging does not log
# it again.
param([string] $Command, [string] $Text, [string] $Request)
$ErrorActionPreference = 'Stop'
$domain = [System.AppDomain]::CurrentDomain
$block = $domain.GetData($Command)
if ($null -eq $block) {
    if ($Text -eq '') {
        $exception = [System.InvalidOperationException]::new('The text of the agent has not been sent in this session yet.')
        throw [System.Management.Automation.ErrorRecord]::new($exception, 'AetherV.AgentTextNeeded', [System.Management.Automation.ErrorCategory]::ObjectNotFound, $Command)
    }
    $block = [scriptblock]::Create($Text)
    $domain.SetData($Command, $block)
}
# A dynamic module, so that only its own functions see its definitions.
$module = [System.Management.Automation.PSModuleInfo]::new($block)
Microsoft.PowerShell.Management\Set-Item -LiteralPath "Function:\global:$Command" -Value $module.ExportedFunctions['Invoke-AetherVOperation'].ScriptBlock
$Command
& $Command -Request $Request
