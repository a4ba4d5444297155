using System.Text;

namespace DisruptorStream.Crash.Workloads;

/// <summary>Lines to the standard output, without a buffer: they outlive the process. Any thread.</summary>
internal sealed class PipeLines : IResultLines
{
    private readonly Lock _gate = new();
    private readonly Stream _stream = Console.OpenStandardOutput();

    public void Write(string lines)
    {
        lock (_gate)
            _stream.Write(Encoding.UTF8.GetBytes(lines));
    }
}
