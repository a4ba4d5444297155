using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Files;
using DisruptorStream.Emission.Tables;

namespace DisruptorStream.Crash.Sinks;

/// <summary>A file of comma-separated values.</summary>
internal sealed class FileTarget : SinkTarget
{
    private readonly string _path;

    public FileTarget(string directory) => _path = Path.Combine(directory, "results.csv");

    public override IAsyncDurableSink<string> NewSink() =>
        new FileSink<string>(_path, new FileSinkOptions { Times = WindowTimes.Ticks });

    public override async Task<List<string>> ReadAsync() =>
    [
        .. (await File.ReadAllLinesAsync(_path)).Skip(1).Select(line => line.Split(','))
            .Select(cells => string.Join(' ', [.. cells[1..4], .. cells[10..]])),
    ];
}
