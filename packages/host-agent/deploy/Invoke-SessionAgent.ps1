# Runs in a runspace that does not have the agent yet: defines its command, then calls it. The agent's text is sent once for each session;
# its script block stays in this process, where further runspaces find it and script-block logging knows it already.
param([string] $Command, [string] $Text, [string] $Request)
$ErrorActionPreference = 'Stop'
$domain = [System.AppDomain]::CurrentDomain
$block = $domain.GetData($Command)
if ($null -eq $block) {
    if ($Text -eq '') {
        $exception = [System.InvalidOperationException]::new('The text of the agent was not sent in this session yet.')
        throw [System.Management.Automation.ErrorRecord]::new($exception, 'AetherV.AgentTextNeeded', [System.Management.Automation.ErrorCategory]::ObjectNotFound, $Command)
    }
    $block = [scriptblock]::Create($Text)
    $domain.SetData($Command, $block)
}
# A module without a name or a file: what it defines is seen by its own functions alone.
$module = [System.Management.Automation.PSModuleInfo]::new($block)
Microsoft.PowerShell.Management\Set-Item -LiteralPath "Function:\global:$Command" -Value $module.ExportedFunctions['Invoke-AetherVOperation'].ScriptBlock
$Command
& $Command -Request $Request
