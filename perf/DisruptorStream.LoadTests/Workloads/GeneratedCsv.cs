using System.Globalization;
using System.Text;

namespace DisruptorStream.LoadTests.Workloads;

/// <summary>Comma-separated values that are made as they are read: of any length, and no file is needed.</summary>
internal sealed class GeneratedCsv : Stream
{
    private const int Hosts = 1000;
    private const int BlockRows = 1000;

    private readonly long _lengthBytes;
    private byte[] _block = Encoding.UTF8.GetBytes("time,host,latency,note\n");
    private int _taken;
    private long _made;

    public GeneratedCsv(long lengthBytes) => _lengthBytes = lengthBytes;

    /// <summary>Rows made so far.</summary>
    public long Rows { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_taken == _block.Length)
        {
            if (_made >= _lengthBytes)
                return 0;
            NextBlock();
        }

        var count = Math.Min(buffer.Length, _block.Length - _taken);
        _block.AsSpan(_taken, count).CopyTo(buffer);
        _taken += count;
        _made += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>The same rows again and again, later each time: only the times are written anew.</summary>
    private void NextBlock()
    {
        if (Rows == 0)
        {
            var text = new StringBuilder();
            for (var row = 0; row < BlockRows; row++)
            {
                var note = row % 10 == 0 ? "\"quoted, with a comma\"" : "plain text that nobody asks for";
                var latency = (row * 31 % 100_000 / 64.0).ToString(CultureInfo.InvariantCulture);
                text.Append(
                    CultureInfo.InvariantCulture, $"0000000000000,host-{row * 7919 % Hosts},{latency},{note}\n");
            }

            _block = Encoding.UTF8.GetBytes(text.ToString());
        }

        var time = 1_700_000_000_000 + Rows;
        for (var at = 0; at < _block.Length; at += _block.AsSpan(at).IndexOf((byte)'\n') + 1)
            time++.TryFormat(_block.AsSpan(at), out _, default, CultureInfo.InvariantCulture);
        Rows += BlockRows;
        _taken = 0;
    }
}
