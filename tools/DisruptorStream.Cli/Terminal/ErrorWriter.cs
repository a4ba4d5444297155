using System.Text;

namespace DisruptorStream.Cli.Terminal;

/// <summary>
/// The standard error stream, which is silent once it cannot be written: what a job has done decides how it ends, and
/// not whether that can be told.
/// </summary>
internal sealed class ErrorWriter : TextWriter
{
    private readonly TextWriter _console;
    private bool _hasFailed;

    /// <param name="console">Where the text goes.</param>
    public ErrorWriter(TextWriter console) => _console = console;

    public override Encoding Encoding => _console.Encoding;

    public override void Write(char value) => Try(() => _console.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => _console.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => _console.Write(value));

    public override void WriteLine(string? value) => Try(() => _console.WriteLine(value));

    public override void Flush() => Try(_console.Flush);

    private void Try(Action write)
    {
        if (_hasFailed)
            return;
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            _hasFailed = true;
        }
    }
}
