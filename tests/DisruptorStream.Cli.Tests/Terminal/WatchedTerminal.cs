using System.Text;
using DisruptorStream.Cli.Terminal;
using Spectre.Console;

namespace DisruptorStream.Cli.Tests.Terminal;

/// <summary>
/// A terminal on which one thread draws while another reads what has been drawn so far. Spectre's own test console can
/// only be read once nobody draws any more.
/// </summary>
internal sealed class WatchedTerminal : TextWriter
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();

    public WatchedTerminal()
    {
        Console = TerminalState.ConsoleOn(this, isRedirected: false);
        Console.Profile.Width = 150;
    }

    public IAnsiConsole Console { get; }

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>All that was written, with its escape sequences.</summary>
    public string Output
    {
        get
        {
            lock (_lock)
                return _text.ToString();
        }
    }

    public override void Write(char value)
    {
        lock (_lock)
            _text.Append(value);
    }

    public override void Write(string? value)
    {
        lock (_lock)
            _text.Append(value);
    }
}
