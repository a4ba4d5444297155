using DisruptorStream.Emission;

namespace DisruptorStream.Cli.State;

/// <summary>Passes on the windows of a key that a replay's end has made fire.</summary>
internal sealed class OpenWindowsOf : IResultSink<string>
{
    private readonly string _key;
    private readonly IResultSink<string> _inner;

    /// <param name="key">The key, as it is written.</param>
    /// <param name="inner">Gets the results.</param>
    public OpenWindowsOf(string key, IResultSink<string> inner)
    {
        _key = key;
        _inner = inner;
    }

    public void OnStart(in SinkContext context) => _inner.OnStart(context);

    public void OnResults(ResultBatch<string> batch)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            if (batch[row].IsPartial && string.Equals(batch[row].Key, _key, StringComparison.Ordinal))
                _inner.OnResults(batch.ToOwned(row, 1));
        }
    }

    public void OnComplete(Exception? failure) => _inner.OnComplete(failure);
}
