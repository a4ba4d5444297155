using DisruptorStream.Emission;

namespace DisruptorStream.Cli.State;

/// <summary>Passes on the windows of a key that a replay's end has made fire.</summary>
internal sealed class OpenWindowsOf : IResultSink<string>
{
    private readonly WantedKey _wanted;
    private readonly int _columns;
    private readonly string _key;
    private readonly IResultSink<string> _inner;

    /// <param name="wanted">The key, as it is written.</param>
    /// <param name="columns">How many columns the key of the query has.</param>
    /// <param name="inner">Gets the results.</param>
    public OpenWindowsOf(WantedKey wanted, int columns, IResultSink<string> inner)
    {
        _wanted = wanted;
        _columns = columns;
        _key = wanted.Of(columns);
        _inner = inner;
    }

    public void OnStart(in SinkContext context) => _inner.OnStart(context);

    public void OnResults(ResultBatch<string> batch)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            var (key, isOpen) = (batch[row].Key, batch[row].IsPartial);
            var isWanted = string.Equals(key, _key, StringComparison.Ordinal);
            _wanted.Note(key, _columns, isWanted, isOpen);
            if (isWanted && isOpen)
                _inner.OnResults(batch.ToOwned(row, 1));
        }
    }

    public void OnComplete(Exception? failure) => _inner.OnComplete(failure);
}
