# Functions with the parameters that the cmdlets' pages list for Windows Server 2016, the oldest host that the agent supports
# (parameters.json); whatever else is given is an error of the binder. The work is the bridge's.
Set-StrictMode -Version Latest

$script:Cmdlets = Get-Content -LiteralPath (Join-Path -Path $PSScriptRoot -ChildPath 'parameters.json') -Raw | ConvertFrom-Json -AsHashtable

foreach ($name in $script:Cmdlets.Keys) {
    $declared = foreach ($parameter in $script:Cmdlets[$name].GetEnumerator()) { "[$($parameter.Value)] `${$($parameter.Key)}" }
    $text = "[CmdletBinding(SupportsShouldProcess)] param($($declared -join ', ')) Invoke-StubCall -Name '$name' -Bound `$PSBoundParameters"
    Set-Item -Path "function:script:$name" -Value ([scriptblock]::Create($text))
}

Export-ModuleMember -Function @($script:Cmdlets.Keys)
