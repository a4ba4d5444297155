using DisruptorStream.Conformance.Cases;
using DisruptorStream.Conformance.Running;

namespace DisruptorStream.Conformance.Tests;

/// <summary>Every vector, in every mode.</summary>
public sealed class VectorTests
{
    private static readonly Dictionary<string, Vector> Vectors = Directory
        .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "vectors"), "*.jsonl")
        .SelectMany(Vector.ReadFile)
        .ToDictionary(vector => vector.Id, StringComparer.Ordinal);

    public static TheoryData<string> Ids => [.. Vectors.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Ids))]
    public Task Inline_Vector_IsAsExpected(string id) => Check(id, ExecutionMode.Inline, 1);

    [Theory]
    [MemberData(nameof(Ids))]
    public Task Fused_Vector_IsAsExpected(string id) => Check(id, ExecutionMode.Fused, 1);

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Staged_VectorWithOneTwoAndFourShards_IsAsExpected(string id)
    {
        foreach (var shards in new[] { 1, 2, 4 })
            await Check(id, ExecutionMode.Staged, shards);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Restarted_VectorSavedAndLoadedAfterEachStep_IsAsExpected(string id)
    {
        await Check(id, RunSettings.Restarted);
        await Check(id, RunSettings.RestartedInTurn with { StepsPerRestart = 4 });
    }

    private static Task Check(string id, ExecutionMode mode, int shardCount) => Check(id, new(mode, shardCount));

    private static async Task Check(string id, RunSettings settings)
    {
        var difference = await VectorCheck.RunAsync(Vectors[id], settings);
        Assert.True(difference is null, $"{settings}:{Environment.NewLine}{difference}");
    }
}
