using DisruptorStream.Tests.Lifecycle;

namespace DisruptorStream.Tests.Streams.Lifecycle;

/// <summary>The table of states and calls holds for streams too, in every mode and cell.</summary>
public sealed class StreamLifecycleTests
{
    /// <summary>Rows of what streams do not have: claims, and handles of keys.</summary>
    private static readonly string[] NotOfStreams =
        ["`Claim`, then its `Publish`", "`TryClaim`, then its `Publish`", "`GetKey`, `Dispose` of a handle"];

    public static TheoryData<ExecutionMode, string> ModesAndStates => LifecycleTableTests.ModesAndStates;

    [Fact]
    public void Table_ItsRows_AreTheCallsOfStreamsToo() => Assert.Equal(
        LifecycleTable.Calls.Except(NotOfStreams).Order(), StreamCalls.All.Keys.Order());

    [Theory]
    [MemberData(nameof(ModesAndStates))]
    public async Task Calls_InEachState_DoWhatTheTableSays(ExecutionMode mode, string state)
    {
        var wrong = await LifecycleTable.WrongAsync(StreamCalls.All.Keys, mode, state, (call, isOther) =>
            OutcomesAsync(mode, state, isOther, call, StreamCalls.All[call]));
        Assert.Empty(wrong);
    }

    /// <summary>A selector runs on the publisher's thread, before anything is claimed: it is not inside.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Calls_FromASelector_DoWhatTheyDoOnTheCallersThread(ExecutionMode mode)
    {
        var wrong = new List<string>();
        foreach (var (call, forms) in StreamCalls.All)
        {
            var expected = LifecycleTable.Of(call, "running", mode);
            foreach (var form in forms)
            {
                var directory = LifecycleCalls.NeedsDirectory(call)
                    ? Directory.CreateTempSubdirectory("lifecycle-")
                    : null;
                var target = await StreamStates.ReachAsync(
                    "running",
                    mode,
                    isOther: false,
                    call == LifecycleCalls.Suspend,
                    directory?.FullName,
                    call == LifecycleCalls.Dump);
                var outcome = "";
                var calling = new StreamTarget.Call(
                    "a", 5, () => outcome = LifecycleCalls.OutcomeOf(() => form(target)));
                await Task.Run(() => Record.Exception(() => target.Stream.Publish(calling)))
                    .WaitAsync(Target.Patience);
                if (outcome != expected)
                    wrong.Add($"{call}: {outcome}, and not {expected}");
                await target.Stream.DisposeAsync().AsTask().WaitAsync(Target.Patience);
                directory?.Delete(recursive: true);
            }
        }

        Assert.Empty(wrong);
    }

    /// <summary>What a selector publishes comes first; both are whole.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Publish_FromASelector_TakesBothEvents(ExecutionMode mode)
    {
        var target = await StreamStates.ReachAsync("built", mode, isOther: false);
        target.Stream.Start();
        target.Stream.Publish(new StreamTarget.Call(
            "outer", 1, () => target.Stream.Publish(new StreamTarget.Call("inner", 1))));
        await target.Stream.StopAsync(StopMode.Complete);

        var keys = new List<string>();
        while (target.Query.TryReadResult(out var result))
            keys.Add($"{result.Key} {result["count"]}");
        Assert.Equal(["inner 1", "outer 1"], keys.Order());
        await target.Stream.DisposeAsync();
    }

    private static async Task<List<string>> OutcomesAsync(
        ExecutionMode mode, string state, bool isOther, string call, Action<StreamTarget>[] forms)
    {
        var directory = LifecycleCalls.NeedsDirectory(call) ? Directory.CreateTempSubdirectory("lifecycle-") : null;
        var target = await StreamStates.ReachAsync(
            state, mode, isOther, call == LifecycleCalls.Suspend, directory?.FullName, call == LifecycleCalls.Dump);
        var outcomes = new List<string>();
        try
        {
            if (StreamStates.IsInside(state))
            {
                target.CallInside(() =>
                {
                    foreach (var form in forms)
                        outcomes.Add(LifecycleCalls.OutcomeOf(() => form(target)));
                    return "";
                });
                if (state == "inside")
                    await StreamStates.FireAsync(target);
                target.Proceed();
                await target.Outcome.WaitAsync(Target.Patience);
            }
            else
            {
                foreach (var form in forms)
                {
                    var outcome = Task.Run(() => LifecycleCalls.OutcomeOf(() => form(target)));
                    outcomes.Add(await outcome.WaitAsync(Target.Patience));
                }
            }
        }
        catch (TimeoutException)
        {
            outcomes.Add("hangs");
        }
        finally
        {
            target.Release();
        }

        await target.Stream.DisposeAsync().AsTask().WaitAsync(Target.Patience);
        var end = target.Stream.Completion.WaitAsync(Target.Patience);
        await end.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!target.Stream.Completion.IsCompleted)
            outcomes.Add("never ends");
        directory?.Delete(recursive: true);
        return outcomes;
    }
}
