using DisruptorStream.Emission;

namespace DisruptorStream.Tests.Lifecycle;

/// <summary>Brings a processor into each state of the table.</summary>
internal static class LifecycleStates
{
    /// <summary>Whether the call is made by the sink, on the engine's thread.</summary>
    public static bool IsInside(string state) => state.StartsWith("inside", StringComparison.Ordinal);

    public static async Task<Target> ReachAsync(
        string state,
        ExecutionMode mode,
        bool isOther,
        bool isDurable = false,
        string? directory = null,
        bool isRecorded = false)
    {
        var isAsync = state == "asynchronous sink stuck";
        var target = new Target(mode, HasSink(state), IsHeld(state), isAsync, isDurable, directory, isRecorded);
        if (state is not ("built" or "not started, no room") && !(state == "aborted" && isOther))
            target.Processor.Start();
        switch (state)
        {
            case "built":
            case "running":
                break;
            case "inside":
                target.Action = SinkAction.Call;
                break;
            case "not started, no room":
                while (target.Processor.TryPublish("a", 0, 1))
                {
                }

                break;
            case "nobody reads":
                Fill<ResultBufferFullException>(target);
                break;
            case "stopping, nobody reads":
                Fill<ResultBufferFullException>(target);
                await Assert.ThrowsAsync<ResultBufferFullException>(
                    () => target.Processor.StopAsync().WaitAsync(Target.Patience));
                break;
            case "inside, no room":
                target.Action = SinkAction.Call;
                await FireAsync(target);
                Fill<EngineHeldException>(target);
                break;
            default:
                await ReachHeldOrEndAsync(target, state, isOther);
                break;
        }

        return target;
    }

    /// <summary>Makes the sink's first call happen, which stays within it.</summary>
    public static async Task<Task> FireAsync(Target target)
    {
        // Inline the publisher itself is in the sink.
        var publishing = Task.Run(() =>
        {
            target.Processor.Publish("a", 1, 1);
            target.Processor.Publish("a", 2, 1);
        });
        await target.Entered.WaitAsync(Target.Patience);
        return publishing;
    }

    private static bool HasSink(string state) => state is not (
        "built" or "not started, no room" or "nobody reads" or "stopping, nobody reads");

    private static bool IsHeld(string state) => state is
        "inside, no room" or "sink stuck" or "asynchronous sink stuck" or "stopping" or "aborting";

    private static async Task ReachHeldOrEndAsync(Target target, string state, bool isOther)
    {
        var processor = target.Processor;
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
                Fill<EngineHeldException>(target);
                break;
            case "sink stuck":
                await FireAsync(target);
                if (target.Mode != ExecutionMode.Inline)
                    Fill<EngineHeldException>(target);
                break;
            case "stopping":
                if (isOther)
                    await FireAsync(target);
                else
                    processor.Publish("a", 1, 1);
                _ = Task.Run(() => processor.StopAsync(isOther ? StopMode.Drain : StopMode.Complete));
                await target.Entered.WaitAsync(Target.Patience);
                Assert.True(SpinWait.SpinUntil(
                    () => processor.GetStats().State == ProcessorState.Stopping, Target.Patience));
                break;
            case "aborting":
                await FireAsync(target);
                await processor.StopAsync(StopMode.Abort).WaitAsync(Target.Patience);
                break;
            case "drained":
                processor.Publish("a", 1, 1);
                await processor.StopAsync(isOther ? StopMode.Drain : StopMode.Complete).WaitAsync(Target.Patience);
                if (isOther)
                    await processor.DisposeAsync().AsTask().WaitAsync(Target.Patience);
                break;
            case "aborted":
                processor.Publish("a", 1, 1);
                var ended = isOther ? processor.DisposeAsync().AsTask() : processor.StopAsync(StopMode.Abort);
                await ended.WaitAsync(Target.Patience);
                break;
            case "after a failure":
                Record.Exception(() => PublishForever(target));
                await Assert.ThrowsAsync<PipelineException>(() => processor.Completion.WaitAsync(Target.Patience));
                break;
            default:
                throw new ArgumentException($"The table has a state '{state}' that nobody can reach.", nameof(state));
        }
    }

    /// <summary>Fills the ring until who publishes is told why it stays full.</summary>
    /// <typeparam name="TFull">What is told: nobody reads, or a sink holds the emitting thread.</typeparam>
    private static void Fill<TFull>(Target target)
        where TFull : Exception
    {
        // Fused the ring fills at once. Staged the other threads go on until their own rings are full, and on a busy
        // machine may look as if they were before.
        var fills = target.Mode == ExecutionMode.Staged ? 3 : 1;
        for (var fill = 0; fill < fills; fill++)
        {
            if (target.Processor.TryPublish("a", 10, 1))
                fill = 0;
            Assert.Throws<TFull>(() => PublishForever(target));
        }
    }

    private static void PublishForever(Target target)
    {
        for (var time = 10; time < 1_000_000; time++)
            target.Processor.Publish("a", time, 1);
    }
}
