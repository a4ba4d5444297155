using System.Globalization;
using CsCheck;
using DisruptorStream.Conformance.Cases;
using DisruptorStream.Conformance.Running;
using DisruptorStream.Properties.Model;

namespace DisruptorStream.Properties;

/// <summary>For random streams the engine does what the model of the rules does, in every mode.</summary>
public sealed class EngineEqualsModelTests
{
    private const int InlineCases = 10_000;
    private const int FilledCases = 3_000;
    private const int ThreadedCases = 150;
    private const int RestartedCases = 100;

    private readonly ITestOutputHelper _output;

    public EngineEqualsModelTests(ITestOutputHelper output) => _output = output;

    [Fact]
    public void Inline_RandomStreams_EqualTheModel()
    {
        var tally = new CaseTally();
        Check(RunSettings.Inline, InlineCases, tally);
        _output.WriteLine(tally.ToString());
        Assert.True(tally.EventsPerCase >= 50, tally.ToString());
        Assert.True(tally.KeysPerCase >= 3, tally.ToString());
        Assert.True(tally.LateShare >= 0.2, tally.ToString());
        Assert.True(tally.RefiredShare >= 0.5, tally.ToString());
    }

    [Fact]
    public void Inline_QuietAndJumps_EqualTheModel()
    {
        var tally = new CaseTally();
        Check(RunSettings.Inline, InlineCases / 2, tally, RandomStreams.UnattendedVectors);
        _output.WriteLine(tally.ToString());
        Assert.True(tally.HeldPerCase >= 2, tally.ToString());
        Assert.True(tally.QuietPerCase >= 1, tally.ToString());
    }

    [Theory]
    [InlineData(ExecutionMode.Fused, 1)]
    [InlineData(ExecutionMode.Staged, 1)]
    [InlineData(ExecutionMode.Staged, 4)]
    public void Threaded_QuietAndJumps_EqualTheModel(ExecutionMode mode, int shardCount) => Check(
        new RunSettings(mode, shardCount), ThreadedCases, new CaseTally(), RandomStreams.UnattendedVectors);

    [Fact]
    public void Restarted_QuietAndJumps_EqualTheModel()
    {
        Check(RunSettings.Restarted, RestartedCases, new CaseTally(), RandomStreams.UnattendedVectors);
        Check(
            RunSettings.RestartedInTurn with { StepsPerRestart = 8 },
            RestartedCases / 4,
            new CaseTally(),
            RandomStreams.UnattendedVectors);
    }

    [Fact]
    public void Inline_TimePerKey_EqualsTheModel()
    {
        var tally = new CaseTally();
        Check(RunSettings.Inline, InlineCases / 2, tally, RandomStreams.PerKeyVectors);
        _output.WriteLine(tally.ToString());
        Assert.True(tally.LateShare >= 0.2, tally.ToString());
        Assert.True(tally.QuietPerCase >= 2, tally.ToString());
    }

    [Theory]
    [InlineData(ExecutionMode.Fused, 1)]
    [InlineData(ExecutionMode.Staged, 1)]
    [InlineData(ExecutionMode.Staged, 4)]
    public void Threaded_TimePerKey_EqualsTheModel(ExecutionMode mode, int shardCount) => Check(
        new RunSettings(mode, shardCount), ThreadedCases, new CaseTally(), RandomStreams.PerKeyVectors);

    [Fact]
    public void Restarted_TimePerKey_EqualsTheModel()
    {
        Check(RunSettings.Restarted, RestartedCases, new CaseTally(), RandomStreams.PerKeyVectors);
        Check(
            RunSettings.RestartedInTurn with { StepsPerRestart = 8 },
            RestartedCases / 4,
            new CaseTally(),
            RandomStreams.PerKeyVectors);
    }

    [Theory]
    [InlineData(ExecutionMode.Fused, 1)]
    [InlineData(ExecutionMode.Staged, 1)]
    [InlineData(ExecutionMode.Staged, 2)]
    [InlineData(ExecutionMode.Staged, 4)]
    public void Threaded_RandomStreams_EqualTheModel(ExecutionMode mode, int shardCount) =>
        Check(new RunSettings(mode, shardCount), ThreadedCases, new CaseTally());

    [Fact]
    public void Restarted_RandomStreams_EqualTheModel()
    {
        Check(RunSettings.Restarted, RestartedCases, new CaseTally());
        Check(RunSettings.RestartedInTurn with { StepsPerRestart = 8 }, RestartedCases / 4, new CaseTally());
    }

    [Fact]
    public void Filled_RandomStreams_EqualTheModel()
    {
        Check(RunSettings.Inline, FilledCases, new CaseTally(), RandomStreams.Filled);
        Check(new RunSettings(ExecutionMode.Staged, 4), ThreadedCases, new CaseTally(), RandomStreams.Filled);
        Check(RunSettings.Restarted, RestartedCases, new CaseTally(), RandomStreams.Filled);
        Check(
            RunSettings.RestartedInTurn with { StepsPerRestart = 8 },
            RestartedCases / 4,
            new CaseTally(),
            RandomStreams.Filled);
    }

    private void Check(RunSettings settings, int cases, CaseTally tally, Gen<WindowVector>? vectors = null)
    {
        var seed = PCG.Parse(PCG.ThreadPCG.ToString()).ToString();
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{settings}, start value {seed}"));
        (vectors ?? RandomStreams.Vectors).Sample(
            vector =>
            {
                var expected = WindowModel.Run(vector, out var model);
                tally.Add(vector, model, expected);
                var actual = WindowRunner.RunAsync(vector, settings).GetAwaiter().GetResult();
                var stated = vector with { Expected = expected.Panes, ExpectedDropped = expected.Dropped };
                if (VectorCheck.Compare(stated, actual) is { } difference)
                    throw new InvalidOperationException(difference);
            },
            seed: seed,
            iter: cases,
            threads: 1,
            print: Describe);
    }

    private static string Describe(WindowVector vector) => string.Join(
        Environment.NewLine,
        vector.Steps.Select((step, index) => $"{index} {step}").Prepend((vector with { Steps = [] }).ToString()));
}
