using System.Diagnostics;

namespace DisruptorStream.LoadTests.Streams;

/// <summary>How calls are handled and published while one thing is compared with another.</summary>
/// <param name="Calls">The events.</param>
/// <param name="Mode">Inline, or with a thread of its own.</param>
/// <param name="IsSingle">Whether they are published one by one, or 256 at a time.</param>
internal readonly record struct Lane(Call[] Calls, ExecutionMode Mode, bool IsSingle)
{
    private const int Batch = 256;

    public StreamProcessorOptions Options => new() { Mode = Mode, FutureSkewLimit = null };

    public override string ToString() => $"{Mode}, {(IsSingle ? "singles" : "batches")}";

    /// <summary>Publishes all calls to each target, in turns, and ends them; gives nanoseconds for each call.</summary>
    public async Task<double> TimeAsync(params CallTarget[] targets)
    {
        if (Mode != ExecutionMode.Inline)
            Array.ForEach(targets, target => target.Start());
        var started = Stopwatch.GetTimestamp();
        Publish(targets);
        foreach (var target in targets)
            await target.CompleteAsync();
        var nanoseconds = Stopwatch.GetElapsedTime(started).TotalNanoseconds / Calls.Length;
        foreach (var target in targets)
            await target.DisposeAsync();
        return nanoseconds;
    }

    private void Publish(CallTarget[] targets)
    {
        for (var first = 0; first < Calls.Length; first += Batch)
        {
            var batch = Calls.AsSpan(first, Math.Min(Batch, Calls.Length - first));
            foreach (var target in targets)
            {
                if (IsSingle)
                    target.PublishSingles(batch);
                else
                    target.Publish(batch);
            }
        }
    }
}
