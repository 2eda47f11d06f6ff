# What the agent ships besides its functions: schemas and tables of packages/types. Where the agent is one text in a session, this file is
# replaced by one of the same functions that holds them (src/session-text.ts).

function Get-ShippedName {
    <#
    .SYNOPSIS
    The names of what a folder of the module ships.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [ValidateSet('schema', 'tables')] [string] $Folder)
    foreach ($file in $script:AgentFiles) { if ($file -match "\A$Folder/(.+)\.json\z") { $Matches[1] } }
}

function Read-ShippedFile {
    <#
    .SYNOPSIS
    The JSON text of what a folder of the module ships under this name.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [ValidateSet('schema', 'tables')] [string] $Folder,
        [Parameter(Mandatory)] [string] $Name
    )
    return [System.IO.File]::ReadAllText([System.IO.Path]::Combine($script:ModuleFolder, $Folder, "$Name.json"), [System.Text.Encoding]::UTF8)
}
