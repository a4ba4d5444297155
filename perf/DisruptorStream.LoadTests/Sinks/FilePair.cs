using DisruptorStream.Emission.Files;

namespace DisruptorStream.LoadTests.Sinks;

/// <summary>The sink of files, and plain writes of the same bytes with the same syncs.</summary>
internal sealed class FilePair : ISinkPair
{
    private const int PositionBytes = 88;

    private readonly string _directory;
    private readonly List<byte[]> _bytes = [];
    private int _lap;

    public FilePair(string directory) => _directory = directory;

    public async Task<double> SinkAsync(SinkRows rows)
    {
        var path = NewPath();
        var seconds = await SinkLap.SinkAsync(new FileSink<string>(path), rows);
        if (_bytes.Count == 0)
            Cut(await File.ReadAllBytesAsync(path), rows.Writes.Count);
        return seconds;
    }

    public async Task<double> BareAsync(SinkRows rows)
    {
        using var data = File.OpenHandle(NewPath(), FileMode.CreateNew, FileAccess.ReadWrite);
        using var position = File.OpenHandle(NewPath(), FileMode.CreateNew, FileAccess.ReadWrite);
        var (write, length) = (0, 0L);
        return await SinkLap.BareAsync(rows, _ =>
        {
            var bytes = _bytes[write++];
            RandomAccess.Write(data, bytes, length);
            RandomAccess.FlushToDisk(data);
            RandomAccess.Write(position, bytes.AsSpan(0, PositionBytes), write % 2 * 4096);
            RandomAccess.FlushToDisk(position);
            length += bytes.Length;
            return Task.CompletedTask;
        });
    }

    private string NewPath() => Path.Combine(_directory, $"rates-{_lap++}.csv");

    private void Cut(byte[] bytes, int writes)
    {
        var each = bytes.Length / writes;
        for (var write = 0; write < writes; write++)
            _bytes.Add(write == writes - 1 ? bytes[(write * each)..] : bytes[(write * each)..((write + 1) * each)]);
    }
}
