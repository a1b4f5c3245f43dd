using System.CommandLine;

namespace Cli.Commands;

/// <summary>`completion`: a script that lets a shell ask the program what may come next.</summary>
internal static class CompletionCommand
{
    // All of them ask `micro "[suggest:POSITION]" "LINE"`, the library's own directive; it needs no
    // registration (dotnet-suggest does). Where it has no answer, the shell completes file names.
    private const string Bash = """
        # micro: completion for bash; source <(micro completion bash)
        _micro_completion() {
            local word="${COMP_WORDS[COMP_CWORD]}"
            local IFS=$'\n'
            local found="$(micro "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)"
            COMPREPLY=($(compgen -W "$found" -- "$word"))
        }
        complete -o default -F _micro_completion micro

        """;

    private const string Zsh = """
        # micro: completion for zsh; source <(micro completion zsh)
        _micro_completion() {
            local -a words_found
            words_found=("${(@f)$(micro "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a words_found
            _files
        }
        compdef _micro_completion micro

        """;

    private const string Fish = """
        # micro: completion for fish; micro completion fish | source
        function _micro_completion
            set -l line (commandline -cp)
            micro "[suggest:"(string length -- $line)"]" $line 2>/dev/null
        end
        complete -c micro -a '(_micro_completion)'

        """;

    private const string PowerShell = """
        # micro: completion for PowerShell; micro completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName micro -ScriptBlock {
            param($word, $line, $position)
            micro "[suggest:$position]" "$line" 2>$null |
                Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }

        """;

    /// <summary>The command.</summary>
    public static Command Create(Settings settings)
    {
        var shell = new Argument<string>("SHELL")
        {
            Description = "bash, zsh, fish or pwsh.",
            HelpName = "SHELL",
        };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        var command = new Command("completion", "Print the completion script of a shell.")
        {
            shell,
        };
        command.SetAction(arguments =>
        {
            settings.Terminal.Output.Write(arguments.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                "fish" => Fish,
                _ => PowerShell,
            });
            return (int)ExitCode.Success;
        });
        return command;
    }
}
