using DisruptorStream.Emission;
using DisruptorStream.Emission.Views;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Tests.Emission.Views;

/// <summary>Drives a view by hand, as a dispatcher does.</summary>
internal sealed class Views
{
    private readonly LatestResults<string> _latest;

    public Views(LatestResults<string> latest, ResultSchema? schema = null, long first = 0)
    {
        _latest = latest;
        Sink.OnStart(new SinkContext
        {
            ProcessorName = "hand",
            Schema = schema ?? Rows.CountAndSum,
            FirstSequence = first,
        });
    }

    private IResultSink<string> Sink => _latest;

    public void Give(params ReadOnlySpan<ResultHeader> rows) => Sink.OnResults(Rows.Batch(rows));

    public void Give(ResultBatch<string> batch) => Sink.OnResults(batch);

    public void Progress(long sequence, long? watermark = null) =>
        Sink.OnProgress(new SinkProgress(sequence, watermark));

    public void Retire(string key, long sequence) => ((IRetiredKeySink<string>)_latest).OnRetired(key, sequence);

    public void Flush() => Sink.OnFlush();

    public void Complete() => Sink.OnComplete(null);

    /// <summary>What a snapshot holds: key, start, end, pane and count of each row, by key.</summary>
    public string[] Shown() => Texts(_latest.Read());

    public static string[] Texts(LatestSnapshot<string> snapshot) =>
        [.. snapshot.Select(TextOf).Order(StringComparer.Ordinal)];

    public static string TextOf(WindowResult<string> row) =>
        $"{row.Key} [{row.Window.StartTicks}, {row.Window.EndTicks}) #{row.PaneIndex} {row.GetInt64(0)} {row[1]}";
}
