# root\MSCluster on the node itself: the FailoverClusters cmdlets do not run in a remote session without CredSSP.

function Get-ClusterInstance {
    <#
    .SYNOPSIS
    Instances of a class of root\MSCluster; nothing on a host without a cluster.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [ValidateSet('MSCluster_Cluster', 'MSCluster_Node', 'MSCluster_ResourceGroup', 'MSCluster_Resource')]
        [string] $ClassName,
        [string] $Filter = ''
    )
    $condition = if ($Filter -eq '') { @{} } else { @{ Filter = $Filter } }
    try { Get-CimInstance -Namespace 'root\MSCluster' -ClassName $ClassName -OperationTimeoutSec $script:CimTimeoutSeconds @condition }
    catch {
        # MI_Result (MS-DMTF DSP0200): 3 there is no such namespace, 5 no such class. A host without the feature is no error.
        if (@(3, 5) -contains (Get-CimErrorCode -ErrorRecord $_)) { return }
        throw
    }
}

function Get-ClusterInstanceId {
    <#
    .SYNOPSIS
    The cluster's GUID. MSCluster_Cluster has no such property; the cluster database holds it.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()
    return [string](Get-ItemPropertyValue -LiteralPath 'HKLM:\Cluster' -Name 'ClusterInstanceID')
}

function Get-CimErrorCode {
    <#
    .SYNOPSIS
    The MI_Result of a CimException; 0 for any other error.
    #>
    [CmdletBinding()]
    [OutputType([int])]
    param([Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $ErrorRecord)
    $exception = $ErrorRecord.Exception
    if ($null -eq $exception.PSObject.Properties['NativeErrorCode']) { return 0 }
    return [int]$exception.NativeErrorCode
}
