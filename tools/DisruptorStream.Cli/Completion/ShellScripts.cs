namespace DisruptorStream.Cli.Completion;

/// <summary>The scripts that ask <c>dstream "[suggest:PLACE]" LINE</c> what could stand at the cursor.</summary>
internal static class ShellScripts
{
    // Bash breaks words at colons, equals signs and quotes, and replaces the last piece only: what stands before it is
    // cut from the suggestions. It takes them as they are, so that what is special to it is escaped here.
    private const string Bash = """
        _dstream() {
          local line="${COMP_LINE:0:COMP_POINT}" cur="${COMP_WORDS[COMP_CWORD]}" mark=$'\001' quote="" word one special
          local plain="${line//\\?/__}"
          if [[ "${plain//[^\"]/}" =~ ^(\"\")*\"$ ]]; then quote='"'
          elif [[ "${plain//[^\']/}" =~ ^(\'\')*\'$ ]]; then quote="'"; fi
          word="${line//\\\"/$mark}"
          if [[ -n "$quote" ]]; then
            word="${word##*"$quote"}"; word="${word//$mark/\"}"
          else
            word="${line//\\ /$mark}"; word="${word##* }"; word="${word//$mark/ }"; word="${word//\\/}"
          fi
          [[ "$cur" == [:=\"\'] ]] && cur=""
          [[ "$cur" == [\"\']* ]] && cur="${cur:1}"
          [[ "$quote" == "'" ]] || cur="${cur//\\/}"
          local done="${word%"$cur"}"
          COMPREPLY=()
          while IFS= read -r one; do
            [[ "$one" == "$word"* ]] || continue
            one="${one#"$done"}"
            if [[ -z "$quote" ]]; then
              printf -v one '%q' "$one"; one="${one//\\,/,}"
            elif [[ "$quote" == "'" ]]; then
              [[ "$one" == *"'"* ]] && continue
            else
              for special in '\' '$' '`' '"'; do one="${one//"$special"/"\\$special"}"; done
            fi
            COMPREPLY+=("$one")
          done < <(dstream "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
          [[ "${COMPREPLY[*]}" == *[/:,\(] ]] && compopt -o nospace
        }
        complete -F _dstream dstream

        """;

    private const string Zsh = """
        #compdef dstream
        _dstream() {
          local -a suggestions
          local typed="${(Q)PREFIX}"
          suggestions=("${(@f)$(dstream "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          suggestions=("${(@M)suggestions:#${typed}*}")
          local -a open closed
          open=("${(@M)suggestions:#*[/:,(]}")
          closed=("${(@)suggestions:#*[/:,(]}")
          (( ${#open} )) && compadd -S '' -- "${open[@]}"
          (( ${#closed} )) && compadd -- "${closed[@]}"
        }
        if [ "$funcstack[1]" = "_dstream" ]; then _dstream; else compdef _dstream dstream; fi

        """;

    private const string Fish = """
        function __dstream_suggest
          set -l line (commandline -cp)
          dstream "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c dstream -f -a '(__dstream_suggest)'

        """;

    private const string Pwsh = """
        Register-ArgumentCompleter -Native -CommandName dstream -ScriptBlock {
          param($wordToComplete, $commandAst, $cursorPosition)
          $typed = $wordToComplete.Trim('"', "'")
          dstream "[suggest:$cursorPosition]" "$commandAst" 2>$null | Where-Object { $_.StartsWith($typed) } |
            ForEach-Object {
              $text = if ($_ -match '[^\w./:=+-]') { "'" + $_.Replace("'", "''") + "'" } else { $_ }
              [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
            }
        }

        """;

    public static IReadOnlyList<string> Names { get; } = ["bash", "zsh", "fish", "pwsh"];

    public static string Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => Pwsh,
    };
}
