using DisruptorStream.Emission;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Testing.Sinks;

public sealed class FailingSinkTests
{
    [Fact]
    public void OnResults_SecondCallFails_TheOthersGoOn()
    {
        var collecting = new CollectingSink<string>();
        var sink = new FailingSink<string>(failures: 1, after: 1, inner: collecting);

        PublishThree(sink, SinkFailurePolicy.Skip);

        Assert.Equal(["k0", "k2"], collecting.Results.Select(result => result.Key));
        Assert.Equal((3, 1), (sink.Attempts, sink.Failures));
    }

    [Fact]
    public void OnResults_RetriedTwice_CountsEachAttempt()
    {
        var collecting = new CollectingSink<string>();
        var sink = new FailingSink<string>(failures: 2, inner: collecting);

        PublishThree(sink, SinkFailurePolicy.Retry(2, TimeSpan.Zero));

        Assert.Equal(3, collecting.Count);
        Assert.Equal((5, 2), (sink.Attempts, sink.Failures));
    }

    [Fact]
    public void OnResults_ExceptionOfYourOwn_IsThrown()
    {
        var sink = new FailingSink<string>(exception: attempt => new InvalidDataException($"attempt {attempt}"));

        var error = Assert.Throws<PipelineException>(() => PublishThree(sink, SinkFailurePolicy.Stop));

        Assert.Equal("attempt 1", error.GetBaseException().Message);
    }

    [Fact]
    public void OnResults_NoExceptionIsMade_SaysSo()
    {
        var sink = new FailingSink<string>(exception: _ => null!);

        var error = Assert.Throws<PipelineException>(() => PublishThree(sink, SinkFailurePolicy.Stop));

        Assert.Equal(
            "What makes the exceptions of the failing sink returned null for call 1; return one.",
            error.GetBaseException().Message);
    }

    [Fact]
    public void Constructor_NegativeNumber_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FailingSink<string>(failures: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FailingSink<string>(after: -1));
    }

    private static void PublishThree(FailingSink<string> sink, SinkFailurePolicy policy)
    {
        using var driver = StreamTestDriver.Create(
            Processors.Tumbling(10).Counting(ExecutionMode.Inline).To(sink, policy));
        for (var i = 0; i < 4; i++)
            driver.Publish($"k{i}", i * 10, 1);
    }
}
