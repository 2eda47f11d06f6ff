$script:MegabyteBytes = 1048576
$script:SecureBootTemplates = @{
    '1734c6e8-3154-4dda-ba5f-a874cc483422' = 'MicrosoftWindows'
    '272e7447-90a4-4563-a4b9-8e4ab00526ce' = 'MicrosoftUEFICertificateAuthority'
    '4292ae2b-ee2c-42b5-a969-dd8f8689f6f3' = 'OpenSourceShieldedVM'
}

function ConvertTo-VmFacts {
    <#
    .SYNOPSIS
    Converts everything that was read of a VM to its facts (packages/types, VmFacts).
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
    $problems = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($one in $Source.Failed) { Add-FactProblem -Problem $problems -Part $one.Part -Message $one.Message }
    $resources = @(Get-List -Table $Source.Resources -Key $Id)
    $condition = ConvertTo-VmCondition -System $system -Problem $problems
    $generation = Get-VmGeneration -Setting $setting -Problem $problems
    $parts = Read-VmPart -Id $Id -Source $Source -Live $Live -Resource $resources -Generation $generation -Problem $problems
    return [ordered]@{
        vmId                       = $Id.ToLowerInvariant()
        name                       = Read-FactText -Value $system.ElementName -Part 'name' -Problem $problems
        state                      = $condition.State
        critical                   = $condition.Critical
        activity                   = ConvertTo-VmActivity -Kind $condition.Activity -Summary $Live.Summaries[$Id]
        health                     = $condition.Health
        generation                 = $generation
        configurationVersion       = Read-FactText -Value $setting.Version -Part 'configurationVersion' -Problem $problems -Length 16
        createdAt                  = Read-FactMoment -Value $setting.CreationTime -Part 'createdAt' -Problem $problems
        startedAt                  = Get-StartedAt -Id $Id -Live $Live
        notes                      = Limit-Text -Text (@($setting.Notes) -join "`n") -Length 8192
        configurationPath          = Read-FactText -Value $setting.ConfigurationDataRoot -Part 'configurationPath' -Problem $problems -IsPath
        processors                 = $parts.Processors
        memory                     = $parts.Memory
        disks                      = $parts.Storage.Disks
        dvdDrives                  = $parts.Storage.DvdDrives
        networkAdapters            = $parts.Adapters
        checkpointType             = Read-WindowsName -Table 'userSnapshotType' -Value $setting.UserSnapshotType -Part 'checkpointType' -Problem $problems
        checkpoints                = $parts.Checkpoints
        integrationServices        = $parts.Services
        heartbeat                  = $parts.Heartbeat
        guest                      = $parts.Guest
        clusterRole                = Read-RoleFact -Role $Live.Roles[$Id] -Problem $problems
        replication                = Read-WindowsName -Table 'replicationMode' -Value $system.ReplicationMode -Part 'replication' -Problem $problems
        automaticStartAction       = Read-WindowsName -Table 'automaticStartAction' -Value $setting.AutomaticStartupAction -Part 'automaticStartAction' -Problem $problems
        automaticStartDelaySeconds = Get-DelaySeconds -Interval $setting.AutomaticStartupActionDelay -Problem $problems
        automaticStopAction        = Read-WindowsName -Table 'automaticStopAction' -Value $setting.AutomaticShutdownAction -Part 'automaticStopAction' -Problem $problems
        secureBoot                 = ConvertTo-SecureBoot -Setting $setting -Generation $generation -Problem $problems
        tpm                        = Test-TpmEnabled -Security @(Get-List -Table $Source.Security -Key $Id)
        bootOrder                  = $parts.BootOrder
        problems                   = $problems.ToArray()
    }
}

function Get-VmGeneration {
    <#
    .SYNOPSIS
    Returns the generation of a VM from Msvm_VirtualSystemSettingData.VirtualSystemSubType; null and a problem for an
    unknown subtype.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param(
        [Parameter(Mandatory)] [object] $Setting,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    if ($Setting.VirtualSystemSubType -eq 'Microsoft:Hyper-V:SubType:2') { return [long]2 }
    if ($Setting.VirtualSystemSubType -eq 'Microsoft:Hyper-V:SubType:1') { return [long]1 }
    Add-FactProblem -Problem $Problem -Part 'generation' -Message "Hyper-V reported the unknown generation $(Get-ShownValue -Value $Setting.VirtualSystemSubType)."
    return $null
}

function Read-RoleFact {
    <#
    .SYNOPSIS
    Returns the clustered role of a VM; null without one. Also null, with a problem, if the name of its owner node is
    invalid.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Role,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    if ($null -eq $Role) { return $null }
    if (-not (Test-HostId -Text "$($Role['ownerNode'])")) {
        Add-FactProblem -Problem $Problem -Part 'clusterRole' -Message "The owner node has the invalid name $(Get-ShownValue -Value $Role['ownerNode'])."
        return $null
    }
    $name = Read-FactText -Value $Role['name'] -Part 'clusterRole name' -Problem $Problem
    return [ordered]@{ name = $name; state = $Role['state']; ownerNode = $Role['ownerNode'] }
}

function Read-VmPart {
    <#
    .SYNOPSIS
    Reads the parts of a VM that consist of several objects. A part that cannot be read is empty, with a problem.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [hashtable] $Source,
        [Parameter(Mandatory)] [hashtable] $Live,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Resource,
        [Parameter(Mandatory)] [AllowNull()] [object] $Generation,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $setting = $Source.Settings[$Id]
    $empty = @()
    $parts = @{
        Processors = [long]0; Memory = [ordered]@{ dynamic = $false; startup = [long]0; minimum = $null; maximum = $null; bufferPercent = $null }
        Storage = @{ Disks = $empty; DvdDrives = $empty; Ids = @{} }; Adapters = $empty; Checkpoints = $empty; Services = $empty
        Heartbeat = 'Unknown'; Guest = $null; BootOrder = $null
    }
    try { $parts.Processors = Get-ProcessorCount -Resource $Resource -Problem $Problem }
    catch { Add-FactProblem -Problem $Problem -Part 'processors' -Message "$_" }
    try { $parts.Memory = ConvertTo-VmMemory -Resource $Resource -Problem $Problem }
    catch { Add-FactProblem -Problem $Problem -Part 'memory' -Message "$_" }
    try { $parts.Storage = ConvertTo-VmStorage -Resource $Resource -Disk $Live.Disks -Problem $Problem }
    catch { Add-FactProblem -Problem $Problem -Part 'disks' -Message "$_" }
    try { $parts.Adapters = ConvertTo-VmAdapter -Id $Id -Resource $Resource -Source $Source -Live $Live -Problem $Problem }
    catch { Add-FactProblem -Problem $Problem -Part 'networkAdapters' -Message "$_" }
    try { $parts.Checkpoints = ConvertTo-VmCheckpoint -Setting $setting -Checkpoint @(Get-List -Table $Source.Checkpoints -Key $Id) -Problem $Problem }
    catch { Add-FactProblem -Problem $Problem -Part 'checkpoints' -Message "$_" }
    try { $parts.Services = ConvertTo-VmService -Id $Id -Resource $Resource -Service $Source.Services -Problem $Problem }
    catch { Add-FactProblem -Problem $Problem -Part 'integrationServices' -Message "$_" }
    try { $parts.Heartbeat = Get-VmHeartbeat -Id $Id -Service $Source.Services.Heartbeat -Setting $parts.Services -Problem $Problem }
    catch { Add-FactProblem -Problem $Problem -Part 'heartbeat' -Message "$_" }
    try { $parts.Guest = ConvertTo-VmGuest -Component $Source.Services.KeyValuePairExchange[$Id] }
    catch { Add-FactProblem -Problem $Problem -Part 'guest' -Message "$_" }
    try { $parts.BootOrder = ConvertTo-BootOrder -Setting $setting -Generation $Generation -Identity @(Get-List -Table $Source.Identities -Key $Id) -DriveId $parts.Storage.Ids }
    catch { Add-FactProblem -Problem $Problem -Part 'bootOrder' -Message "$_" }
    return $parts
}

function ConvertTo-VmActivity {
    <#
    .SYNOPSIS
    Returns the activity of a VM, with the percentage of its task if exactly one runs.
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
    Returns the percentage of the only running task of a VM; null if none or several run.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Summary)
    if ($null -eq $Summary) { return $null }
    $running = @($Summary.AsynchronousTasks | Microsoft.PowerShell.Core\Where-Object -FilterScript { $null -ne $_ -and $_.JobState -eq 4 })
    if ($running.Count -ne 1) { return $null }
    return ConvertTo-WholeNumber -Value $running[0].PercentComplete -Minimum 0 -Maximum 100
}

function Get-StartedAt {
    <#
    .SYNOPSIS
    Returns the start time of a VM. It is computed from the uptime and varies slightly, so the previous value is kept if
    it is within five seconds.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [hashtable] $Live
    )
    $summary = $Live.Summaries[$Id]
    # An uptime of more than a hundred years is invalid.
    $uptime = if ($null -eq $summary) { $null } else { ConvertTo-WholeNumber -Value $summary.UpTime -Minimum 1 -Maximum 3155760000000 }
    if ($null -eq $uptime) { $Live.Started.Remove($Id); return $null }
    $started = $Live.At.AddMilliseconds(-$uptime)
    if (-not $Live.Started.ContainsKey($Id) -or [System.Math]::Abs(($started - $Live.Started[$Id]).TotalSeconds) -gt 5) { $Live.Started[$Id] = $started }
    return ConvertTo-Timestamp -Time $Live.Started[$Id]
}

function Get-DelaySeconds {
    <#
    .SYNOPSIS
    Converts a CIM interval to seconds.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Interval,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    if ($null -eq $Interval) { return [long]0 }
    if ($Interval -is [timespan] -and $Interval.TotalSeconds -ge 0) { return [long][System.Math]::Min(86400, $Interval.TotalSeconds) }
    Add-FactProblem -Problem $Problem -Part 'automaticStartDelaySeconds' -Message "$(Get-ShownValue -Value $Interval) is not a duration."
    return $null
}

function Get-ProcessorCount {
    <#
    .SYNOPSIS
    Returns Msvm_ProcessorSettingData.VirtualQuantity; 0 and a problem if it is invalid.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param(
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Resource,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $quantity = $null
    foreach ($one in $Resource) { if ($one.ResourceSubType -eq 'Microsoft:Hyper-V:Processor') { $quantity = $one.VirtualQuantity } }
    $count = Read-WholeNumber -Value $quantity -Minimum 1 -Maximum 2048 -Part 'processors' -Problem $Problem
    if ($null -eq $count) { return [long]0 }
    return $count
}

function ConvertTo-VmMemory {
    <#
    .SYNOPSIS
    Converts Msvm_MemorySettingData: VirtualQuantity is the startup memory, Reservation the minimum, Limit the maximum,
    all in megabytes.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Resource,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $memory = [ordered]@{ dynamic = $false; startup = [long]0; minimum = $null; maximum = $null; bufferPercent = $null }
    $setting = $null
    foreach ($one in $Resource) { if ($one.ResourceSubType -eq 'Microsoft:Hyper-V:Memory') { $setting = $one; break } }
    if ($null -eq $setting) {
        Add-FactProblem -Problem $Problem -Part 'memory' -Message 'Hyper-V did not report the memory settings of this VM.'
        return $memory
    }
    $startup = Read-MemorySize -Value $setting.VirtualQuantity -Part 'memory startup' -Problem $Problem
    if ($null -ne $startup) { $memory['startup'] = $startup }
    $memory['dynamic'] = $true -eq $setting.DynamicMemoryEnabled
    if (-not $memory['dynamic']) { return $memory }
    $memory['minimum'] = Read-MemorySize -Value $setting.Reservation -Part 'memory minimum' -Problem $Problem
    $memory['maximum'] = Read-MemorySize -Value $setting.Limit -Part 'memory maximum' -Problem $Problem
    $memory['bufferPercent'] = Read-WholeNumber -Value $setting.TargetMemoryBuffer -Minimum 5 -Maximum 2000 -Part 'memory bufferPercent' -Problem $Problem
    return $memory
}

function Read-MemorySize {
    <#
    .SYNOPSIS
    Converts megabytes to bytes; null and a problem if the value exceeds the limit (1 PiB).
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Value,
        [Parameter(Mandatory)] [string] $Part,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $megabytes = Read-WholeNumber -Value $Value -Minimum 0 -Maximum 1073741824 -Part $Part -Problem $Problem
    if ($null -eq $megabytes) { return $null }
    return $megabytes * $script:MegabyteBytes
}

function ConvertTo-SecureBoot {
    <#
    .SYNOPSIS
    Returns the secure boot setting of a generation 2 VM; null for generation 1.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [object] $Setting,
        [Parameter(Mandatory)] [AllowNull()] [object] $Generation,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    if ($Generation -ne 2) { return $null }
    $id = "$($Setting.SecureBootTemplateId)".Trim('{', '}').ToLowerInvariant()
    $template = if ($id -eq '') { $null } elseif ($script:SecureBootTemplates.ContainsKey($id)) { $script:SecureBootTemplates[$id] } else { $id }
    if ($null -ne $template) { $template = Read-FactText -Value $template -Part 'secureBoot template' -Problem $Problem }
    return [ordered]@{ enabled = $true -eq $Setting.SecureBootEnabled; template = $template }
}

function Test-TpmEnabled {
    <#
    .SYNOPSIS
    Returns Msvm_SecuritySettingData.TpmEnabled.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Security)
    foreach ($one in $Security) { if ($one.TpmEnabled) { return $true } }
    return $false
}
