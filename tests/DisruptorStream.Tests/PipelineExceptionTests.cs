using DisruptorStream.Emission;

namespace DisruptorStream.Tests;

public sealed class PipelineExceptionTests
{
    [Fact]
    public async Task Message_ASinkThrew_NamesStageSinkSequenceAndPolicyAndLeavesTheCauseToTheInnerOne()
    {
        var processor = Processors.Tumbling(1).Counting(ExecutionMode.Inline).To(new Broken<int?>()).Build();
        processor.Publish("a", 1, 1);

        var error = Assert.Throws<PipelineException>(() => processor.Publish("a", 2, 1));

        Assert.Equal(
            $"Stage '{error.Stage}' failed at sequence {error.Sequence} and the processor has stopped: sink "
                + "PipelineExceptionTests.Broken<int?>, policy stop. See the inner exception, and build a new "
                + "processor to go on.",
            error.Message);
        Assert.Contains(
            "Sink PipelineExceptionTests.Broken<int?> failed", error.InnerException!.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.ToString().Split("the disk is full").Length - 1);
        await processor.DisposeAsync();
    }

    [Fact]
    public void Message_SomethingElseThrew_IsShort()
    {
        var error = new PipelineException("assignment", 7, new IOException("the disk is full"));

        Assert.Equal(
            "Stage 'assignment' failed at sequence 7 and the processor has stopped. See the inner exception, and build "
                + "a new processor to go on.",
            error.Message);
    }

    private sealed class Broken<T> : IResultSink<string>
    {
        public void OnResults(ResultBatch<string> batch) => throw new IOException($"the disk is full{default(T)}");
    }
}
