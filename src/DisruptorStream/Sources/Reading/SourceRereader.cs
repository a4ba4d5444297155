using System.Diagnostics;

namespace DisruptorStream.Sources.Reading;

/// <summary>Reads events of a source again, for who cannot go on without them.</summary>
/// <remarks>One caller at a time, on whose thread nothing of the source runs.</remarks>
internal sealed class SourceRereader<TEvent> : IDisposable
{
    private const int PauseMilliseconds = 1;

    private readonly ISeekableSource<TEvent> _source;
    private readonly SourceOptions _options;
    private SourceBatch<TEvent> _batch;
    private ISeekableReader<TEvent>? _reader;
    private SourcePosition _position;
    private long _next;
    private int _taken;
    private bool _hasEnded;

    /// <param name="source">What is read.</param>
    /// <param name="options">How.</param>
    public SourceRereader(ISeekableSource<TEvent> source, SourceOptions options)
    {
        _source = source;
        _options = options;
        _batch = NewBatch();
    }

    /// <summary>Whether it goes on where it was, and does not open the source at the next position.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Reads events behind a position.</summary>
    /// <param name="position">The position.</param>
    /// <param name="since">How many events behind it come before the first one.</param>
    /// <param name="events">Where they go: all of it is filled.</param>
    /// <remarks>
    /// Where it is open it takes a further position for the place that it has come to: the caller has to see whether
    /// that is so, and to <see cref="Close"/> it where it is not.
    /// </remarks>
    /// <exception cref="SourcePositionException">The source does not give so many.</exception>
    /// <exception cref="Exception">What the source throws.</exception>
    public void Read(SourcePosition position, long since, Span<TEvent> events)
    {
        if (IsOpen && position != _position && since == 0)
            (_position, _next) = (position, 0);
        if (!IsOpen || position != _position || since < _next)
            Open(position);
        while (_next < since)
            TakeOne();
        for (var index = 0; index < events.Length; index++)
            events[index] = TakeOne();
    }

    /// <summary>The next call opens the source at its position. Never throws.</summary>
    public void Close()
    {
        // What was waited for too long may still write into the other one.
        if (IsOpen)
            _batch = NewBatch();
        IsOpen = false;
        _taken = 0;
        CloseReader();
    }

    public void Dispose() => Close();

    private void Open(SourcePosition position)
    {
        Close();
        (_position, _next, _hasEnded) = (position, 0, false);
        IsOpen = true;
        OpenReader();
    }

    private SourceBatch<TEvent> NewBatch() => new(_options.BatchEvents, _options.OnBadRecord);

    private void OpenReader() => _reader = Wait(async token =>
        await _source.OpenAsync(_position, token).ConfigureAwait(false)
            ?? throw new InvalidOperationException("OpenAsync gave null; return a reader from it."));

    private TEvent TakeOne()
    {
        if (_taken == _batch.Count)
            ReadSome();
        _next++;
        return _batch.Events.Span[_taken++];
    }

    private void ReadSome()
    {
        var begun = Stopwatch.GetTimestamp();
        do
        {
            if (_hasEnded)
                throw Missing("it has ended");
            if (Stopwatch.GetElapsedTime(begun) > _options.MaxRetryDelay)
                throw Missing($"none has come for {_options.MaxRetryDelay}");
            ReadOnce();
        }
        while (_batch.Count == 0);
    }

    private void ReadOnce()
    {
        var reader = _reader ?? throw Missing("it failed behind the events before");
        _batch.Clear();
        _taken = 0;
        try
        {
            _hasEnded = !Wait(token => reader.ReadAsync(_batch, token));
        }
        catch (Exception)
        {
            // What it gave before it failed was published at the time.
            CloseReader();
            if (_batch.Count == 0)
                throw;
        }

        if (_batch.Count == 0 && !_hasEnded)
            Thread.Sleep(PauseMilliseconds);
    }

    private void CloseReader()
    {
        var reader = _reader;
        _reader = null;
        if (reader is null)
            return;
        try
        {
            Wait(async _ =>
            {
                await reader.DisposeAsync().ConfigureAwait(false);
                return true;
            });
        }
        catch (Exception)
        {
            // It is given up.
        }
    }

    /// <summary>On a thread of the pool, and for as long as it may take.</summary>
    private T Wait<T>(Func<CancellationToken, ValueTask<T>> call)
    {
        using var end = new CancellationTokenSource(_options.MaxRetryDelay);
        var token = end.Token;
        try
        {
            return Task.Run(() => call(token).AsTask(), CancellationToken.None)
                .WaitAsync(token)
                .GetAwaiter()
                .GetResult();
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            throw Missing($"none has come for {_options.MaxRetryDelay}");
        }
    }

    private SourcePositionException Missing(string why) =>
        new($"event {_next + 1} behind the position does not come: {why}");
}
