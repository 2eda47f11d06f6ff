Register-Operation -Op 'host.resources' -Function 'Invoke-HostResourcesOperation'

function Invoke-HostResourcesOperation {
    <#
    .SYNOPSIS
    host.resources: lists the storage, networks, images and media of this host.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Context)
    $configuration = Read-HostConfiguration
    $volumes = @(Get-HostInstance -ClassName 'Win32_Volume')
    $networks = @(Read-HostNetwork -Configuration $configuration)
    $vmPath = $configuration['virtual_machines_path']
    $Context.Result = [ordered]@{
        storageClasses = @(foreach ($one in $configuration['storage_classes']) {
                $volume = Get-VolumeFacts -Path $one['path'] -Volume $volumes
                [ordered]@{ name = $one['name']; path = $one['path']; kind = $volume.Kind; free = $volume.Free; total = $volume.Total }
            })
        networks       = $networks
        images         = @(foreach ($one in Read-HostImage -Configuration $configuration) { Select-Property -From $one -Name 'id', 'name', 'size', 'virtualSize', 'osFamily' })
        isos           = @(foreach ($one in Read-HostMedium -Configuration $configuration) { Select-Property -From $one -Name 'id', 'name', 'size' })
        vmPath         = [ordered]@{ path = $vmPath; present = Test-HostFolder -Path $vmPath }
        problems       = @(foreach ($one in $networks) {
                if (-not $one['present']) { Get-MissingSwitch -Network $one }
            })
    }
}
