namespace DisruptorStream.Emission.Texts;

/// <summary>Rows that a thread of the pool makes, unless none has begun when they are needed.</summary>
internal sealed class MakingRows : IThreadPoolWorkItem
{
    private const int Waits = 0;
    private const int Begun = 1;
    private const int TooLate = 2;

    private readonly Action _make;
    private readonly TaskCompletionSource _made = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = Waits;

    private MakingRows(Action make) => _make = make;

    /// <param name="make">Makes them. Never throws.</param>
    public static MakingRows Begin(Action make)
    {
        var making = new MakingRows(make);
        ThreadPool.UnsafeQueueUserWorkItem(making, preferLocal: false);
        return making;
    }

    /// <summary>By a thread of the pool.</summary>
    public void Execute()
    {
        if (Interlocked.CompareExchange(ref _state, Begun, Waits) != Waits)
            return;
        _make();
        _made.SetResult();
    }

    /// <summary>They are made, or nobody makes them any more.</summary>
    public Task EndAsync() =>
        Interlocked.CompareExchange(ref _state, TooLate, Waits) == Waits ? Task.CompletedTask : _made.Task;
}
