# root\MSCluster on the node itself: the FailoverClusters cmdlets do not run in a remote session without CredSSP.

function Get-ClusterInstance {
    <#
    .SYNOPSIS
    Instances of a class of root\MSCluster; nothing on a host without a cluster, or whose cluster service is stopped.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [ValidateSet('MSCluster_Cluster', 'MSCluster_Node', 'MSCluster_ResourceGroup', 'MSCluster_Resource')]
        [string] $ClassName,
        [string] $Filter = ''
    )
    $condition = if ($Filter -eq '') { @{} } else { @{ Filter = $Filter } }
    try { CimCmdlets\Get-CimInstance -Namespace 'root\MSCluster' -ClassName $ClassName -OperationTimeoutSec $script:CimTimeoutSeconds @condition }
    catch {
        # MI_Result (MS-DMTF DSP0200): 3 there is no such namespace, 5 no such class. A host without the feature is no error.
        if (@(3, 5) -contains (Get-CimErrorCode -ErrorRecord $_)) { return }
        $service = Get-HostInstance -ClassName 'Win32_Service' -Filter "Name='ClusSvc'"
        if ($null -ne $service -and -not $service.Started) { return }
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
    return [string](Microsoft.PowerShell.Management\Get-ItemPropertyValue -LiteralPath 'HKLM:\Cluster' -Name 'ClusterInstanceID')
}

function Get-ClusterVmId {
    <#
    .SYNOPSIS
    The VMs that are roles, by GUID, from the cluster database in the registry of this node. None where it cannot be read.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()
    # Resources of other types have no such value.
    foreach ($one in Microsoft.PowerShell.Management\Get-ItemProperty -Path 'HKLM:\Cluster\Resources\*\Parameters' -Name 'VmID' -ErrorAction SilentlyContinue) { "$($one.VmID)" }
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

function Add-ClusterRole {
    <#
    .SYNOPSIS
    Makes a VM of this node a role of the cluster.
    .DESCRIPTION
    The page of AddVirtualMachine does not say what its argument is. The GUID cannot mean another VM, so it comes first; where no
    role comes of it, the name, as long as no other VM here has it.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [guid] $VmId,
        [Parameter(Mandatory)] [string] $Name
    )
    $refusal = $null
    try { Invoke-AddVirtualMachine -VirtualMachine "$VmId" }
    catch { $refusal = $_ }
    if ((Read-ClusterRole -Clustered $true).ContainsKey("$VmId".ToUpperInvariant())) { return }
    try { Assert-VmNameFree -Name $Name -Except "$VmId" }
    catch { throw $(if ($null -ne $refusal) { $refusal } else { $_ }) }
    Invoke-AddVirtualMachine -VirtualMachine $Name
}

function Invoke-AddVirtualMachine {
    <#
    .SYNOPSIS
    MSCluster_Cluster.AddVirtualMachine.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $VirtualMachine)
    [void] (CimCmdlets\Invoke-CimMethod -Namespace 'root\MSCluster' -Query 'SELECT * FROM MSCluster_Cluster' -MethodName 'AddVirtualMachine' -Arguments @{
            VirtualMachine = $VirtualMachine
        } -OperationTimeoutSec $script:CimTimeoutSeconds)
}

function Remove-ClusterRole {
    <#
    .SYNOPSIS
    MSCluster_ResourceGroup.DestroyGroup (1: with its resources) for the group of a VM; the VM stays. Refuses a group that holds more
    than this VM: that would lose its role, too.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $VmId)
    Assert-OnlyRole -VmId $VmId
    Invoke-RoleMethod -VmId $VmId -Method 'DestroyGroup' -Arguments @{ Options = [uint32]1 }
    if ((Read-ClusterRole -Clustered $true).ContainsKey("$VmId".ToUpperInvariant())) { throw (New-OperationFailure -Code 'agent-error' -Message "The cluster removed the role of the VM $VmId but still lists it.") }
}

function Assert-OnlyRole {
    <#
    .SYNOPSIS
    Refuses a group in which other resources are than those of one VM.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $VmId)
    $resources = @(Get-ClusterInstance -ClassName 'MSCluster_Resource')
    $group = $null
    foreach ($one in $resources) { if ($one.Type -eq 'Virtual Machine' -and "$($one.PrivateProperties.VmID)".Trim('{', '}') -eq "$VmId") { $group = $one.OwnerGroup } }
    if ($null -eq $group) { return }
    foreach ($one in $resources) {
        if ($one.OwnerGroup -ne $group -or "$($one.PrivateProperties.VmID)".Trim('{', '}') -eq "$VmId") { continue }
        throw (New-OperationFailure -Code 'in-use' -Message "The clustered role `"$group`" also holds `"$($one.Name)`"." -Remedy 'Move that resource to its own role first.')
    }
}

function Move-ClusterRole {
    <#
    .SYNOPSIS
    MSCluster_ResourceGroup.MoveToNewNodeParams, whose NodeName is required. It returns when the move was accepted.
    .DESCRIPTION
    Flags as MoveClusterGroupEx has them: 2 back to the source on an error, 4 queued while the VM is locked, 8 started with priority.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [guid] $VmId,
        [Parameter(Mandatory)] [string] $Node,
        [Parameter(Mandatory)] [bool] $Live
    )
    Invoke-RoleMethod -VmId $VmId -Method 'MoveToNewNodeParams' -Arguments @{
        NodeName = $Node; Flags = [uint32]14; Parameters = New-MoveParameter -Live $Live
    }
}

function New-MoveParameter {
    <#
    .SYNOPSIS
    How a VM is moved, as a property list of the Cluster API (CLUSPROP_LIST): 4 for a live move of the VM and its configuration, or
    nothing for one that does not run.
    #>
    [CmdletBinding()]
    [OutputType([byte[]])]
    param([Parameter(Mandatory)] [bool] $Live)
    $bytes = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $names = @(if ($Live) { 'Virtual Machine', 'Virtual Machine Configuration' })
    $bytes.AddRange([System.BitConverter]::GetBytes([uint32]$names.Length))
    foreach ($name in $names) {
        # CLUSPROP_SYNTAX_NAME with its text, padded to four bytes; CLUSPROP_SYNTAX_LIST_VALUE_DWORD; CLUSPROP_SYNTAX_ENDMARK.
        $text = [System.Text.Encoding]::Unicode.GetBytes("$name`0")
        foreach ($number in 262147, $text.Length) { $bytes.AddRange([System.BitConverter]::GetBytes([uint32]$number)) }
        $bytes.AddRange($text)
        while ($bytes.Count % 4 -ne 0) { [void] $bytes.Add([byte]0) }
        foreach ($number in 65538, 4, 4, 0) { $bytes.AddRange([System.BitConverter]::GetBytes([uint32]$number)) }
    }
    return , [byte[]]$bytes.ToArray([byte])
}

function Invoke-RoleMethod {
    <#
    .SYNOPSIS
    A method of the group (MSCluster_ResourceGroup) whose virtual machine resource names a VM. Nothing where there is none.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [guid] $VmId,
        [Parameter(Mandatory)] [ValidateSet('DestroyGroup', 'MoveToNewNodeParams')] [string] $Method,
        [Parameter(Mandatory)] [hashtable] $Arguments
    )
    foreach ($resource in Get-ClusterInstance -ClassName 'MSCluster_Resource' -Filter "Type='Virtual Machine'") {
        if ("$($resource.PrivateProperties.VmID)".Trim('{', '}') -ne "$VmId") { continue }
        # A group's name may hold a quote; in WQL a backslash takes its meaning away.
        $name = "$($resource.OwnerGroup)".Replace('\', '\\').Replace("'", "\'")
        [void] (CimCmdlets\Invoke-CimMethod -Namespace 'root\MSCluster' -Query "SELECT * FROM MSCluster_ResourceGroup WHERE Name='$name'" -MethodName $Method -Arguments $Arguments -OperationTimeoutSec $script:CimTimeoutSeconds)
        return
    }
}
