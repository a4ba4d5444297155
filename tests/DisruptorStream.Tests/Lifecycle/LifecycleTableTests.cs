
namespace DisruptorStream.Tests.Lifecycle;

/// <summary>The table of states and calls holds, in every mode and cell.</summary>
public sealed class LifecycleTableTests
{
    public static TheoryData<ExecutionMode, string> ModesAndStates
    {
        get
        {
            var data = new TheoryData<ExecutionMode, string>();
            foreach (var mode in (ReadOnlySpan<ExecutionMode>)
                [ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged])
            {
                foreach (var state in LifecycleTable.States)
                    data.Add(mode, state);
            }

            return data;
        }
    }

    [Fact]
    public void Table_ItsRows_AreTheCalls() =>
        Assert.Equal(LifecycleCalls.All.Keys.Order(), LifecycleTable.Calls.Order());

    [Theory]
    [MemberData(nameof(ModesAndStates))]
    public async Task Calls_InEachState_DoWhatTheTableSays(ExecutionMode mode, string state)
    {
        var wrong = await LifecycleTable.WrongAsync(LifecycleCalls.All.Keys, mode, state, (call, isOther) =>
            OutcomesAsync(mode, state, isOther, call, LifecycleCalls.All[call]));
        Assert.Empty(wrong);
    }

    private static async Task<List<string>> OutcomesAsync(
        ExecutionMode mode, string state, bool isOther, string call, Action<Target>[] forms)
    {
        var directory = LifecycleCalls.NeedsDirectory(call) ? Directory.CreateTempSubdirectory("lifecycle-") : null;
        var target = await LifecycleStates.ReachAsync(
            state, mode, isOther, call == LifecycleCalls.Suspend, directory?.FullName, call == LifecycleCalls.Dump);
        var outcomes = new List<string>();
        try
        {
            if (LifecycleStates.IsInside(state))
            {
                target.CallInside(() =>
                {
                    foreach (var form in forms)
                        outcomes.Add(LifecycleCalls.OutcomeOf(form, target));
                    return "";
                });
                if (state == "inside")
                    await LifecycleStates.FireAsync(target);
                target.Proceed();
                await target.Outcome.WaitAsync(Target.Patience);
            }
            else
            {
                foreach (var form in forms)
                {
                    var outcome = Task.Run(() => LifecycleCalls.OutcomeOf(form, target));
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

        await target.Processor.DisposeAsync().AsTask().WaitAsync(Target.Patience);
        var end = target.Processor.Completion.WaitAsync(Target.Patience);
        await end.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!target.Processor.Completion.IsCompleted)
            outcomes.Add("never ends");
        directory?.Delete(recursive: true);
        return outcomes;
    }
}
