using System.Diagnostics;

namespace DisruptorStream.Sources.Reading;

/// <summary>Reads events of a source again, for who cannot go on without them.</summary>
/// <remarks>One caller at a time, on whose thread nothing of the source runs.</remarks>
internal sealed class SourceRereader<TEvent> : IDisposable
{
    private const int PauseMilliseconds = 1;

    // A source that fails so often in a row is given up.
    private const int MostTries = 5;

    private readonly ISeekableSource<TEvent> _source;
    private readonly SourceOptions _options;
    private readonly Action<Exception, TimeSpan> _onFailure;
    private SourceBatch<TEvent> _batch;
    private ISeekableReader<TEvent>? _reader;
    private SourcePosition _position;
    private long _next;
    private long _given;
    private int _taken;
    private bool _hasEnded;
    private bool _isHanging;

    /// <param name="source">What is read.</param>
    /// <param name="options">How.</param>
    /// <param name="onFailure">Told what the source threw, and after what wait it is opened again.</param>
    public SourceRereader(
        ISeekableSource<TEvent> source, SourceOptions options, Action<Exception, TimeSpan> onFailure)
    {
        _source = source;
        _options = options;
        _onFailure = onFailure;
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
    /// <exception cref="SourcePositionException">
    /// The source does not give so many, or has failed too often in a row.
    /// </exception>
    /// <exception cref="SourceRecordException">The source came to a record that is no event.</exception>
    public void Read(SourcePosition position, long since, Span<TEvent> events)
    {
        // Nothing is left to be given again where all that was taken lies before the position.
        if (IsOpen && position != _position && since == 0)
            (_position, _next, _given) = (position, 0, 0);
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
        if (IsOpen)
            GiveUpReader();
        IsOpen = false;
    }

    public void Dispose() => Close();

    private void Open(SourcePosition position)
    {
        Close();
        (_position, _next, _hasEnded) = (position, 0, false);
        IsOpen = true;
    }

    private SourceBatch<TEvent> NewBatch() => new(_options.BatchEvents, _options.OnBadRecord);

    private TEvent TakeOne()
    {
        if (_taken == _batch.Count)
            ReadSome();
        _next++;
        _given++;
        return _batch.Events.Span[_taken++];
    }

    /// <summary>Reads until the next event is there. What a source throws may pass: then it is opened again.</summary>
    private void ReadSome()
    {
        var begun = Stopwatch.GetTimestamp();
        for (var failures = 0; !LeaveOutThoseTaken();)
        {
            if (_hasEnded)
                throw Missing("it has ended");
            if (Left(begun) <= TimeSpan.Zero)
                throw Missing(NoneCame());
            try
            {
                ReadOnce();
            }
            catch (Exception failure) when (MayPass(failure))
            {
                var left = Left(begun);
                if (++failures == MostTries || left <= TimeSpan.Zero)
                    throw GivenUp(failures, failure);
                WaitAfter(failure, failures, left);
            }
        }
    }

    /// <summary>
    /// Whether the next event is there, when those that were taken before the source failed are left out.
    /// </summary>
    private bool LeaveOutThoseTaken()
    {
        var count = (int)Math.Min(_next - _given, _batch.Count - _taken);
        _taken += count;
        _given += count;
        return _taken < _batch.Count;
    }

    private void ReadOnce()
    {
        var reader = _reader ??= OpenReader();
        _batch.Clear();
        _taken = 0;
        try
        {
            _hasEnded = !Wait(token => reader.ReadAsync(_batch, token));
        }
        catch (Exception) when (!_isHanging && _given + _batch.Count > _next)
        {
            // What it gave before it failed was published at the time. Behind that it is opened again.
            CloseReader();
        }

        if (_batch.Count == 0 && !_hasEnded)
            Thread.Sleep(PauseMilliseconds);
    }

    private ISeekableReader<TEvent> OpenReader()
    {
        _given = 0;
        return Wait(async token =>
            await _source.OpenAsync(_position, token).ConfigureAwait(false)
                ?? throw new InvalidOperationException("OpenAsync gave null; return a reader from it."));
    }

    private void WaitAfter(Exception failure, int failures, TimeSpan left)
    {
        GiveUpReader();
        var delay = _options.DelayAfter(failures);
        delay = delay < left ? delay : left;
        _onFailure(failure, delay);
        Thread.Sleep(delay);
    }

    /// <summary>The next read opens the source at the position.</summary>
    private void GiveUpReader()
    {
        // What was waited for too long may still write into the other one.
        _batch = NewBatch();
        _taken = 0;
        _given = 0;
        CloseReader();
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

        _isHanging = false;
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
            _isHanging = true;
            throw Missing(NoneCame());
        }
    }

    private TimeSpan Left(long begun) => _options.MaxRetryDelay - Stopwatch.GetElapsedTime(begun);

    /// <summary>
    /// Whether it may go well later: a source that is another one, or a record that is none, stays so.
    /// </summary>
    private static bool MayPass(Exception failure) =>
        failure is not (SourcePositionException or SourceRecordException or OutOfMemoryException);

    private string NoneCame() => $"none has come for {_options.MaxRetryDelay}";

    private SourcePositionException Missing(string why) => new(Message(why));

    private SourcePositionException GivenUp(int times, Exception failure) => new(
        Message(
            $"it failed {times} times in a row, at last with {failure.GetType().Name}: "
            + failure.Message.TrimEnd('.')),
        failure);

    private string Message(string why) => $"event {_next + 1} behind the position does not come: {why}";
}
