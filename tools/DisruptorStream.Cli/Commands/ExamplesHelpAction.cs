using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DisruptorStream.Cli.Commands;

/// <summary>The usual help, and examples after it.</summary>
internal sealed class ExamplesHelpAction : SynchronousCommandLineAction
{
    private readonly HelpAction _usual;

    public ExamplesHelpAction(HelpAction usual) => _usual = usual;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = _usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (Examples.Of(parseResult.CommandResult.Command.Name) is not [_, ..] examples)
            return code;
        output.WriteLine("Examples:");
        foreach (var (purpose, line) in examples)
        {
            output.WriteLine($"  {purpose}");
            output.WriteLine($"    {line.ReplaceLineEndings($"{Environment.NewLine}    ")}");
        }

        output.WriteLine();
        return code;
    }
}
