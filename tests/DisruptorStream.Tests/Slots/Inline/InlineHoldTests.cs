using DisruptorStream.Slots.Inline;

namespace DisruptorStream.Tests.Slots.Inline;

public sealed class InlineHoldTests
{
    /// <summary>Every call in every state in which it can come.</summary>
    public static TheoryData<int, string, string, int> Table => new()
    {
        { InlineState.Free, "enter", "True", InlineState.Held },
        { InlineState.Free, "open", "False", InlineState.Free },
        { InlineState.Free, "return", "False", InlineState.Free },
        { InlineState.Free, "short", "True", InlineState.Free },
        { InlineState.Free, "end", "", InlineState.Ended },
        { InlineState.Held, "enter", "False", InlineState.Held },
        { InlineState.Held, "open", "True", InlineState.Open },
        { InlineState.Held, "return", "False", InlineState.Held },
        { InlineState.Held, "leave", "True", InlineState.Free },
        { InlineState.Held, "short", "False", InlineState.Held },
        { InlineState.Held, "end", "", InlineState.Ending },
        { InlineState.Open, "enter", "False", InlineState.Open },
        { InlineState.Open, "open", "False", InlineState.Open },
        { InlineState.Open, "return", "True", InlineState.Held },
        { InlineState.Open, "short", "False", InlineState.Open },
        { InlineState.Open, "end", "", InlineState.Ended },
        { InlineState.Ending, "enter", "False", InlineState.Ending },
        { InlineState.Ending, "open", "False", InlineState.Ending },
        { InlineState.Ending, "return", "False", InlineState.Ending },
        { InlineState.Ending, "leave", "False", InlineState.Ended },
        { InlineState.Ending, "short", "False", InlineState.Ending },
        { InlineState.Ending, "end", "", InlineState.Ending },
        { InlineState.Ended, "enter", "False", InlineState.Ended },
        { InlineState.Ended, "open", "False", InlineState.Ended },
        { InlineState.Ended, "return", "False", InlineState.Ended },
        { InlineState.Ended, "leave", "False", InlineState.Ended },
        { InlineState.Ended, "short", "False", InlineState.Ended },
        { InlineState.Ended, "end", "", InlineState.Ended },
        { InlineState.Beside, "enter", "False", InlineState.Beside },
        { InlineState.Beside, "open", "False", InlineState.Beside },
        { InlineState.Beside, "return", "False", InlineState.Beside },
        { InlineState.Beside, "leave", "True", InlineState.Free },
        { InlineState.Beside, "short", "False", InlineState.Beside },
        { InlineState.Beside, "end", "", InlineState.Ending },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Call_InState_AnswersAndMoves(int state, string call, string answer, int next)
    {
        var hold = In(state);

        Assert.Equal(answer, Call(hold, call));

        AssertState(hold, next);
    }

    [Fact]
    public async Task IsHeldByCaller_OtherThread_IsFalseForIt()
    {
        var hold = In(InlineState.Held);
        var held = await OnOtherThread(() => hold.IsHeldByCaller);
        hold = In(InlineState.Open);
        var open = await OnOtherThread(() => hold.IsOpenByCaller);

        Assert.False(held);
        Assert.False(open);
    }

    [Fact]
    public void IsHeldByCaller_ThreadHasLeft_IsFalseWhileAnotherHoldsIt()
    {
        var hold = In(InlineState.Held);
        hold.Leave();
        using var entered = new ManualResetEventSlim();
        using var asked = new ManualResetEventSlim();
        var other = new Thread(() =>
        {
            hold.TryEnter();
            entered.Set();
            asked.Wait(Processors.Patience);
        });
        other.Start();
        Assert.True(entered.Wait(Processors.Patience, TestContext.Current.CancellationToken));

        Assert.False(hold.IsHeldByCaller);
        Assert.False(hold.IsFree);
        asked.Set();
        Assert.True(other.Join(Processors.Patience));
    }

    /// <summary>The end does not wait: it comes when the call that is under way leaves.</summary>
    [Fact]
    public async Task End_CalledByAnotherThread_CompletesWhenTheCallLeaves()
    {
        var hold = In(InlineState.Held);
        await OnOtherThread(() =>
        {
            hold.End();
            hold.End();
            return true;
        });
        Assert.False(hold.Ended.IsCompleted);

        Assert.False(hold.Leave());

        Assert.True(hold.Ended.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TryEnter_ThreadOfTheEngineHasIt_WaitsUntilItHasLeft(bool ends)
    {
        var hold = In(InlineState.Beside);
        using var asked = new ManualResetEventSlim();
        var isFree = false;
        var entered = OnOtherThread(() =>
        {
            isFree = hold.IsFree;
            asked.Set();
            return hold.TryEnter();
        });
        Assert.True(asked.Wait(Processors.Patience, TestContext.Current.CancellationToken));
        Assert.True(isFree);
        await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.False(entered.IsCompleted);

        if (ends)
            hold.End();
        Assert.Equal(!ends, hold.Leave());

        Assert.Equal(!ends, await entered);
    }

    /// <summary>Whoever takes the ring waits until who took the short way is out, and closes it.</summary>
    [Fact]
    public async Task TryEnter_OtherThreadIsInsideByTheShortWay_WaitsUntilItIsOut()
    {
        var hold = new InlineHold();
        hold.AllowShort();
        Assert.True(hold.TryEnterShort());
        var entered = OnOtherThread(hold.TryEnter);
        await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.False(entered.IsCompleted);

        hold.LeaveShort();

        Assert.True(await entered);
        Assert.False(hold.IsShortForCaller);
        Assert.False(hold.TryEnterShort());
    }

    [Fact]
    public void EndBeside_ThreadOfTheEngine_IsLikeEveryOther()
    {
        var hold = In(InlineState.Beside);
        hold.Leave();
        hold.EndBeside();

        Assert.True(hold.TryEnter());

        Assert.True(hold.TryOpen());
    }

    private static InlineHold In(int state)
    {
        var hold = new InlineHold();
        if (state == InlineState.Beside)
            hold.BeginBeside();
        if (state is InlineState.Beside or InlineState.Held or InlineState.Open or InlineState.Ending)
            Assert.True(hold.TryEnter());
        if (state == InlineState.Open)
            Assert.True(hold.TryOpen());
        if (state is InlineState.Ending or InlineState.Ended)
            hold.End();
        AssertState(hold, state);
        return hold;
    }

    private static string Call(InlineHold hold, string call)
    {
        switch (call)
        {
            case "enter":
                return $"{hold.TryEnter()}";
            case "open":
                return $"{hold.TryOpen()}";
            case "return":
                return $"{hold.TryReturn()}";
            case "leave":
                return $"{hold.Leave()}";
            case "short":
                hold.AllowShort();
                return $"{hold.TryEnterShort()}";
            default:
                hold.End();
                return "";
        }
    }

    private static void AssertState(InlineHold hold, int state)
    {
        Assert.Equal(state == InlineState.Free, hold.IsFree);
        Assert.Equal(state == InlineState.Open, hold.IsOpen);
        Assert.Equal(state == InlineState.Ended, hold.HasEnded);
        Assert.Equal(state == InlineState.Ended, hold.Ended.IsCompleted);
        Assert.Equal(
            state is InlineState.Held or InlineState.Ending or InlineState.Beside,
            hold.IsHeldByCaller);
        Assert.Equal(state == InlineState.Open, hold.IsOpenByCaller);
    }

    private static Task<bool> OnOtherThread(Func<bool> ask)
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => answer.SetResult(ask())) { IsBackground = true }.Start();
        return answer.Task.WaitAsync(Processors.Patience, TestContext.Current.CancellationToken);
    }
}
