using DisruptorStream.Slots;

namespace DisruptorStream.Tests.Slots;

/// <summary>A gate that does what the test says when somebody begins to wait.</summary>
internal sealed class HeldGate : IPublishGate
{
    private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when somebody begins to wait.</summary>
    public Task Waits => _waits.Task.WaitAsync(Processors.Patience);

    /// <summary>Called, on the waiting thread, before the wait.</summary>
    public Action? OnWait { get; set; }

    public StallTimer BeginWait()
    {
        OnWait?.Invoke();
        _waits.TrySetResult();
        return default;
    }

    public void ThrowIfBlocked(ref StallTimer timer)
    {
    }
}
