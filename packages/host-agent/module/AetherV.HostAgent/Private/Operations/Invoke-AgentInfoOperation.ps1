Register-Operation -Op 'agent.info' -Function 'Invoke-AgentInfoOperation'

function Invoke-AgentInfoOperation {
    <#
    .SYNOPSIS
    agent.info: who answers, on what PowerShell, and what it can do here.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Context)
    $name = Get-HostName
    $cluster = Get-ClusterInstance -ClassName 'MSCluster_Cluster'
    $Context.Result = [ordered]@{
        hostId            = $name.ToLowerInvariant()
        name              = $name
        agentVersion      = $script:AgentVersion
        contract          = $script:ContractVersion
        powershellVersion = [string]$PSVersionTable.PSVersion
        powershellEdition = [string]$PSVersionTable.PSEdition
        languageMode      = Get-CallerLanguageMode
        executionPolicy   = [string](Microsoft.PowerShell.Security\Get-ExecutionPolicy)
        hyperV            = Test-VirtualizationReadable
        clusterName       = $(if ($null -eq $cluster) { $null } else { [string]$cluster.Name })
        capabilities      = @('cancel', 'watch')
    }
}
