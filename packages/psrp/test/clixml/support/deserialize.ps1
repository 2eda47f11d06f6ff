# Reads one CLIXML text a line, in base64; answers each with one line: what PowerShell made of it.
[Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false)
while ($null -ne ($line = [Console]::In.ReadLine())) {
    try {
        $text = [System.Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($line))
        $value = [System.Management.Automation.PSSerializer]::Deserialize($text)
        # What PowerShell writes of it, so that its own reading can be held against ours. Asked first: a number whose
        # PSObject was looked at is written within an object.
        $clixml = [System.Management.Automation.PSSerializer]::Serialize($value, 100)
        $typeNames = if ($null -eq $value) { $null } else { , @($value.PSObject.TypeNames) }
        $answer = @{
            typeNames = $typeNames
            json = (ConvertTo-Json -InputObject $value -Depth 8 -Compress)
            clixml = $clixml
        }
    } catch {
        $answer = @{ error = $_.Exception.ToString() }
    }
    [Console]::Out.WriteLine((ConvertTo-Json -InputObject $answer -Depth 4 -Compress))
}
