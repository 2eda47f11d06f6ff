function Get-VirtualDiskFile {
    <#
    .SYNOPSIS
    Get-VHD for many files in one call. Those that cannot be read are left out.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [string[]] $Path)
    if ($Path.Length -eq 0) { return }
    Get-VHD -Path $Path -ErrorAction SilentlyContinue
}
