$script:MegabyteBytes = 1048576
$script:HealthStates = @{ 5 = 'Ok'; 20 = 'MajorFailure'; 25 = 'CriticalFailure' }
# Msvm_VirtualSystemSettingData: UserSnapshotType, AutomaticStartupAction, AutomaticShutdownAction.
$script:CheckpointTypes = @{ 2 = 'Disabled'; 3 = 'Production'; 4 = 'ProductionOnly'; 5 = 'Standard' }
$script:StartActions = @{ 2 = 'Nothing'; 3 = 'StartIfRunning'; 4 = 'Start' }
$script:StopActions = @{ 2 = 'TurnOff'; 3 = 'Save'; 4 = 'ShutDown' }
# Msvm_ComputerSystem.ReplicationMode; a test replica is a replica to whoever looks at the fleet.
$script:ReplicationModes = @{ 0 = 'None'; 1 = 'Primary'; 2 = 'Replica'; 3 = 'Replica'; 4 = 'ExtendedReplica' }
$script:SecureBootTemplates = @{
    '1734c6e8-3154-4dda-ba5f-a874cc483422' = 'MicrosoftWindows'
    '272e7447-90a4-4563-a4b9-8e4ab00526ce' = 'MicrosoftUEFICertificateAuthority'
    '4292ae2b-ee2c-42b5-a969-dd8f8689f6f3' = 'OpenSourceShieldedVM'
}

function ConvertTo-VmFacts {
    <#
    .SYNOPSIS
    What the contract tells of one VM (packages/types, VmFacts).
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [hashtable] $Source,
        [Parameter(Mandatory)] [hashtable] $Live
    )
    $system = $Source.Systems[$Id]
    $setting = $Source.Settings[$Id]
    $resources = @(Get-List -Table $Source.Resources -Key $Id)
    $condition = ConvertTo-VmCondition -EnabledState $system.EnabledState -OperationalStatus $system.OperationalStatus
    $generation = if ($setting.VirtualSystemSubType -eq 'Microsoft:Hyper-V:SubType:2') { 2 } else { 1 }
    $storage = ConvertTo-VmStorage -Resource $resources -Disk $Live.Disks
    $services = ConvertTo-VmService -Id $Id -Resource $resources -Service $Source.Services
    $kvp = $Source.Services.KeyValuePairExchange[$Id]
    return [ordered]@{
        vmId                       = $Id.ToLowerInvariant()
        name                       = [string]$system.ElementName
        state                      = $condition.State
        critical                   = $condition.Critical
        activity                   = ConvertTo-VmActivity -Kind $condition.Activity -Summary $Live.Summaries[$Id]
        health                     = Select-Named -Table $script:HealthStates -Key $system.HealthState -Else 'MajorFailure'
        generation                 = $generation
        configurationVersion       = [string]$setting.Version
        createdAt                  = ConvertTo-Timestamp -Time $setting.CreationTime
        startedAt                  = Get-StartedAt -Id $Id -Live $Live
        notes                      = Limit-Text -Text (@($setting.Notes) -join "`n") -Length 8192
        configurationPath          = [string]$setting.ConfigurationDataRoot
        processors                 = Get-ProcessorCount -Resource $resources
        memory                     = ConvertTo-VmMemory -Resource $resources
        disks                      = $storage.Disks
        dvdDrives                  = $storage.DvdDrives
        networkAdapters            = ConvertTo-VmAdapter -Id $Id -Resource $resources -Source $Source -Live $Live
        checkpointType             = Select-Named -Table $script:CheckpointTypes -Key $setting.UserSnapshotType -Else 'Standard'
        checkpoints                = ConvertTo-VmCheckpoint -Setting $setting -Checkpoint @(Get-List -Table $Source.Checkpoints -Key $Id)
        integrationServices        = $services
        heartbeat                  = Get-VmHeartbeat -Id $Id -Service $Source.Services.Heartbeat -Setting $services
        guest                      = ConvertTo-VmGuest -Component $kvp
        clusterRole                = $Live.Roles[$Id]
        replication                = Select-Named -Table $script:ReplicationModes -Key $system.ReplicationMode -Else 'None'
        automaticStartAction       = Select-Named -Table $script:StartActions -Key $setting.AutomaticStartupAction -Else 'Nothing'
        automaticStartDelaySeconds = Get-DelaySeconds -Interval $setting.AutomaticStartupActionDelay
        automaticStopAction        = Select-Named -Table $script:StopActions -Key $setting.AutomaticShutdownAction -Else 'Save'
        secureBoot                 = ConvertTo-SecureBoot -Setting $setting -Generation $generation
        tpm                        = Test-TpmEnabled -Security @(Get-List -Table $Source.Security -Key $Id)
        bootOrder                  = ConvertTo-BootOrder -Setting $setting -Generation $generation -Identity @(Get-List -Table $Source.Identities -Key $Id) -DriveId $storage.Ids
    }
}

function Select-Named {
    <#
    .SYNOPSIS
    The name for one of Hyper-V's numbers.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Table,
        [Parameter(Mandatory)] [AllowNull()] [object] $Key,
        [Parameter(Mandatory)] [string] $Else
    )
    if ($null -ne $Key -and $Table.ContainsKey([int]$Key)) { return $Table[[int]$Key] }
    return $Else
}

function ConvertTo-VmActivity {
    <#
    .SYNOPSIS
    What goes on beside the state, with the percentage of the one task that is at it.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Kind,
        [Parameter(Mandatory)] [AllowNull()] [object] $Summary
    )
    if ($null -eq $Kind) { return $null }
    return [ordered]@{ kind = $Kind; percent = Get-TaskPercent -Summary $Summary }
}

function Get-TaskPercent {
    <#
    .SYNOPSIS
    How far the only running task of a VM is; null when there is none or more than one.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Summary)
    if ($null -eq $Summary) { return $null }
    $running = @($Summary.AsynchronousTasks | Microsoft.PowerShell.Core\Where-Object -FilterScript { $null -ne $_ -and $_.JobState -eq 4 })
    if ($running.Count -ne 1) { return $null }
    return [long]$running[0].PercentComplete
}

function Get-StartedAt {
    <#
    .SYNOPSIS
    Since when the VM runs. Hyper-V tells an uptime, whose difference to the clock trembles: what was said before holds while it
    is within five seconds.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [hashtable] $Live
    )
    $summary = $Live.Summaries[$Id]
    if ($null -eq $summary -or $null -eq $summary.UpTime -or [long]$summary.UpTime -eq 0) { $Live.Started.Remove($Id); return $null }
    $started = $Live.At.AddMilliseconds(-[long]$summary.UpTime)
    if (-not $Live.Started.ContainsKey($Id) -or [System.Math]::Abs(($started - $Live.Started[$Id]).TotalSeconds) -gt 5) { $Live.Started[$Id] = $started }
    return ConvertTo-Timestamp -Time $Live.Started[$Id]
}

function Get-DelaySeconds {
    <#
    .SYNOPSIS
    The seconds of a CIM interval.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Interval)
    if ($null -eq $Interval) { return [long]0 }
    return [long][System.Math]::Min(86400, ([timespan]$Interval).TotalSeconds)
}

function Get-ProcessorCount {
    <#
    .SYNOPSIS
    Msvm_ProcessorSettingData.VirtualQuantity.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Resource)
    foreach ($one in $Resource) { if ($one.ResourceSubType -eq 'Microsoft:Hyper-V:Processor') { return [long]$one.VirtualQuantity } }
    return [long]1
}

function ConvertTo-VmMemory {
    <#
    .SYNOPSIS
    Msvm_MemorySettingData: VirtualQuantity is the startup memory, Reservation the minimum, Limit the maximum, all in megabytes.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Resource)
    foreach ($one in $Resource) {
        if ($one.ResourceSubType -ne 'Microsoft:Hyper-V:Memory') { continue }
        $dynamic = [bool]$one.DynamicMemoryEnabled
        return [ordered]@{
            dynamic       = $dynamic
            startup       = [long]$one.VirtualQuantity * $script:MegabyteBytes
            minimum       = $(if ($dynamic) { [long]$one.Reservation * $script:MegabyteBytes } else { $null })
            maximum       = $(if ($dynamic) { [long]$one.Limit * $script:MegabyteBytes } else { $null })
            bufferPercent = $(if ($dynamic) { [long]$one.TargetMemoryBuffer } else { $null })
        }
    }
    return [ordered]@{ dynamic = $false; startup = [long]0; minimum = $null; maximum = $null; bufferPercent = $null }
}

function ConvertTo-SecureBoot {
    <#
    .SYNOPSIS
    Secure boot of a generation 2 VM; null for generation 1.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [object] $Setting,
        [Parameter(Mandatory)] [int] $Generation
    )
    if ($Generation -eq 1) { return $null }
    $id = "$($Setting.SecureBootTemplateId)".Trim('{', '}').ToLowerInvariant()
    $template = if ($id -eq '') { $null } elseif ($script:SecureBootTemplates.ContainsKey($id)) { $script:SecureBootTemplates[$id] } else { $id }
    return [ordered]@{ enabled = [bool]$Setting.SecureBootEnabled; template = $template }
}

function Test-TpmEnabled {
    <#
    .SYNOPSIS
    Msvm_SecuritySettingData.TpmEnabled.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Security)
    foreach ($one in $Security) { if ($one.TpmEnabled) { return $true } }
    return $false
}
