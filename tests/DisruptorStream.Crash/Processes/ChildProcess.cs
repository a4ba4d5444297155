using System.Diagnostics;
using System.Text;

namespace DisruptorStream.Crash.Processes;

/// <summary>A process of this program, or one that runs it, whose lines are read as they come.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly Action<string> _onLine;
    private readonly Action? _onEnd;
    private readonly bool _confirms;
    private readonly Task _reading;
    private readonly Task<string> _errors;

    /// <param name="file">What is run.</param>
    /// <param name="arguments">With what.</param>
    /// <param name="onLine">Told each whole line, on another thread. What is cut off by the end is no line.</param>
    /// <param name="onEnd">Told that no line follows.</param>
    /// <param name="environment">Variables of the process.</param>
    /// <param name="confirms">
    /// Whether it waits for a byte for each of its lines: <see cref="Workloads.ConfirmedLines"/>.
    /// </param>
    public ChildProcess(
        string file,
        IEnumerable<string> arguments,
        Action<string> onLine,
        Action? onEnd = null,
        IEnumerable<(string Name, string Value)>? environment = null,
        bool confirms = false)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = confirms,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        _onLine = onLine;
        _onEnd = onEnd;
        _confirms = confirms;
        _process = Process.Start(start)!;
        _reading = Task.Factory.StartNew(
            Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>This program's own file.</summary>
    public static string Self { get; } = Environment.ProcessPath!;

    public int Id => _process.Id;

    /// <summary>Its exit code, when it has ended; 128 + n where signal n ended it.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote to its standard error, when it has ended.</summary>
    public string Errors => _errors.GetAwaiter().GetResult().Trim();

    /// <summary>Kills it, as a power switch would: no code of it runs any more.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    /// <summary>Waits for the end, and until all its lines were read. False where it does not end in time.</summary>
    public bool WaitForEnd(TimeSpan patience)
    {
        if (!_process.WaitForExit(patience))
            return false;
        return _reading.Wait(patience);
    }

    /// <summary>Kills it where it still runs.</summary>
    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Read()
    {
        var stream = _process.StandardOutput.BaseStream;
        var buffer = new byte[1 << 16];
        var rest = new MemoryStream();
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            var bytes = buffer.AsSpan(0, count);
            for (int end; (end = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
            {
                rest.Write(bytes[..end]);
                _onLine(Encoding.UTF8.GetString(rest.GetBuffer(), 0, (int)rest.Length));
                rest.SetLength(0);
                if (_confirms)
                    Confirm();
            }

            rest.Write(bytes);
        }

        _onEnd?.Invoke();
    }

    private void Confirm()
    {
        try
        {
            _process.StandardInput.BaseStream.WriteByte(0);
            _process.StandardInput.BaseStream.Flush();
        }
        catch (IOException)
        {
            // It has ended.
        }
    }
}
