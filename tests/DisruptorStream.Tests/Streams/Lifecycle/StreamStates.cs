using DisruptorStream.Emission;
using DisruptorStream.Tests.Lifecycle;

namespace DisruptorStream.Tests.Streams.Lifecycle;

/// <summary>Brings a stream into each state of the table.</summary>
internal static class StreamStates
{
    /// <summary>Whether the call is made by the sink, on the engine's thread.</summary>
    public static bool IsInside(string state) => state.StartsWith("inside", StringComparison.Ordinal);

    public static async Task<StreamTarget> ReachAsync(
        string state,
        ExecutionMode mode,
        bool isOther,
        bool isDurable = false,
        string? directory = null,
        bool isRecorded = false)
    {
        var isAsync = state == "asynchronous sink stuck";
        var target = new StreamTarget(mode, HasSink(state), IsHeld(state), isAsync, isDurable, directory, isRecorded);
        if (state is not ("built" or "not started, no room") && !(state == "aborted" && isOther))
            target.Stream.Start();
        switch (state)
        {
            case "built":
            case "running":
                break;
            case "inside":
                target.Action = SinkAction.Call;
                break;
            case "not started, no room":
                while (target.Stream.TryPublish(new StreamTarget.Call("a", 0)))
                {
                }

                break;
            case "nobody reads":
                Assert.Throws<ResultBufferFullException>(() => PublishForever(target));
                break;
            case "stopping, nobody reads":
                Assert.Throws<ResultBufferFullException>(() => PublishForever(target));
                await Assert.ThrowsAsync<ResultBufferFullException>(
                    () => target.Stream.StopAsync().WaitAsync(Target.Patience));
                break;
            case "inside, no room":
                target.Action = SinkAction.Call;
                await FireAsync(target);
                FillBehindSink(target);
                break;
            default:
                await ReachHeldOrEndAsync(target, state, isOther);
                break;
        }

        return target;
    }

    /// <summary>Makes the sink's first call happen, which stays within it.</summary>
    public static async Task<Task> FireAsync(StreamTarget target)
    {
        // Inline the publisher itself is in the sink.
        var publishing = Task.Run(() =>
        {
            target.Stream.Publish(new StreamTarget.Call("a", 1));
            target.Stream.Publish(new StreamTarget.Call("a", 2));
        });
        await target.Entered.WaitAsync(Target.Patience);
        return publishing;
    }

    private static bool HasSink(string state) => state is not (
        "built" or "not started, no room" or "nobody reads" or "stopping, nobody reads");

    private static bool IsHeld(string state) => state is
        "inside, no room" or "sink stuck" or "asynchronous sink stuck" or "stopping" or "aborting";

    private static async Task ReachHeldOrEndAsync(StreamTarget target, string state, bool isOther)
    {
        var stream = target.Stream;
        target.Action = state switch
        {
            "sink stuck" or "stopping" or "aborting" => SinkAction.Hold,
            "after a failure" => SinkAction.Throw,
            _ => SinkAction.Return,
        };
        switch (state)
        {
            case "asynchronous sink stuck":
                await await FireAsync(target);
                FillBehindSink(target);
                break;
            case "sink stuck":
                await FireAsync(target);
                if (target.Mode != ExecutionMode.Inline)
                    FillBehindSink(target);
                break;
            case "stopping":
                if (isOther)
                    await FireAsync(target);
                else
                    stream.Publish(new StreamTarget.Call("a", 1));
                _ = Task.Run(() => stream.StopAsync(isOther ? StopMode.Drain : StopMode.Complete));
                await target.Entered.WaitAsync(Target.Patience);
                Assert.True(SpinWait.SpinUntil(
                    () => stream.GetStats().State == ProcessorState.Stopping, Target.Patience));
                break;
            case "aborting":
                await FireAsync(target);
                await stream.StopAsync(StopMode.Abort).WaitAsync(Target.Patience);
                break;
            case "drained":
                stream.Publish(new StreamTarget.Call("a", 1));
                await stream.StopAsync(isOther ? StopMode.Drain : StopMode.Complete).WaitAsync(Target.Patience);
                if (isOther)
                    await stream.DisposeAsync().AsTask().WaitAsync(Target.Patience);
                break;
            case "aborted":
                stream.Publish(new StreamTarget.Call("a", 1));
                var ended = isOther ? stream.DisposeAsync().AsTask() : stream.StopAsync(StopMode.Abort);
                await ended.WaitAsync(Target.Patience);
                break;
            case "after a failure":
                Record.Exception(() => PublishForever(target));
                await Assert.ThrowsAsync<PipelineException>(() => stream.Completion.WaitAsync(Target.Patience));
                break;
            default:
                throw new ArgumentException($"The table has a state '{state}' that nobody can reach.", nameof(state));
        }
    }

    /// <summary>Fills the ring behind a sink that holds the emitting thread.</summary>
    private static void FillBehindSink(StreamTarget target)
    {
        // Fused the ring fills at once. Staged the other threads go on until their own rings are full, and on a busy
        // machine may look as if they were before.
        var fills = target.Mode == ExecutionMode.Staged ? 3 : 1;
        for (var fill = 0; fill < fills; fill++)
        {
            if (target.Stream.TryPublish(new StreamTarget.Call("a", 10)))
                fill = 0;
            Assert.Throws<EngineHeldException>(() => PublishForever(target));
        }
    }

    private static void PublishForever(StreamTarget target)
    {
        for (var time = 10; time < 10_000; time++)
            target.Stream.Publish(new StreamTarget.Call("a", time));
    }
}
