using DisruptorStream.Pipeline.Lifecycle;

namespace DisruptorStream.Tests.Pipeline.Lifecycle;

public sealed class ProcessorStatusTests
{
    [Theory]
    [InlineData(true, "", false, true)]
    [InlineData(true, "start", true, false)]
    [InlineData(true, "end", false, false)]
    [InlineData(true, "start end", true, false)]
    [InlineData(false, "", false, false)]
    [InlineData(false, "end", false, false)]
    public void AwaitsStart_AfterCalls_IsWhereThreadsWaitForAStart(
        bool needsStart, string calls, bool isStarted, bool awaitsStart)
    {
        var status = new ProcessorStatus(needsStart);
        foreach (var call in calls.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (call == "start")
                status.NoteStart();
            else
                status.NoteEnd();
        }

        Assert.Equal((needsStart, isStarted, awaitsStart), (status.NeedsStart, status.IsStarted, status.AwaitsStart));
    }
}
