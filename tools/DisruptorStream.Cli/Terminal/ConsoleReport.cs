using System.Text;
using Spectre.Console;

namespace DisruptorStream.Cli.Terminal;

/// <summary>Writes lines above what a console draws.</summary>
internal sealed class ConsoleReport : TextWriter
{
    private readonly IAnsiConsole _console;

    public ConsoleReport(IAnsiConsole console) => _console = console;

    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value) => _console.WriteLine(value ?? "");

    public override void Write(char value) => _console.Write(value.ToString());
}
