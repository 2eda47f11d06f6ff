$script:SchemaCache = @{}
$script:TableCache = @{}

function Get-ContractSchema {
    <#
    .SYNOPSIS
    A schema of the contract by its name ("envelope", "vm.start.request"); null when the agent has none of that name.
    .DESCRIPTION
    The files are copies of packages/types/schema. A name is only ever looked up among the files that are there.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [string] $Name)
    if ($script:SchemaCache.Count -eq 0) {
        $folder = Microsoft.PowerShell.Management\Join-Path -Path $script:ModuleFolder -ChildPath 'schema'
        foreach ($file in Microsoft.PowerShell.Management\Get-ChildItem -LiteralPath $folder -Filter '*.json' -File) {
            $script:SchemaCache[$file.BaseName] = $file.FullName
        }
    }
    if (-not $script:SchemaCache.ContainsKey($Name)) { return $null }
    if ($script:SchemaCache[$Name] -is [string]) {
        $text = [System.IO.File]::ReadAllText($script:SchemaCache[$Name], [System.Text.Encoding]::UTF8)
        $script:SchemaCache[$Name] = ConvertFrom-AgentJson -Text $text
    }
    return $script:SchemaCache[$Name]
}

function Get-PowerAction {
    <#
    .SYNOPSIS
    One row of the table of power actions that API, console and agents share (packages/types, vm-actions).
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [string] $Name)
    return (Get-ContractTable -Name 'vm-actions')[$Name]
}

function Get-ContractTable {
    <#
    .SYNOPSIS
    A table of packages/types that the module ships.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [ValidateSet('operations', 'vm-actions', 'vm-update-rules', 'windows')] [string] $Name)
    if (-not $script:TableCache.ContainsKey($Name)) {
        $path = Microsoft.PowerShell.Management\Join-Path -Path (Microsoft.PowerShell.Management\Join-Path -Path $script:ModuleFolder -ChildPath 'tables') -ChildPath "$Name.json"
        $script:TableCache[$Name] = ConvertFrom-AgentJson -Text ([System.IO.File]::ReadAllText($path, [System.Text.Encoding]::UTF8))
    }
    return $script:TableCache[$Name]
}
