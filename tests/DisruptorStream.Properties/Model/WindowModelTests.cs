using DisruptorStream.Conformance.Cases;
using DisruptorStream.Conformance.Running;

namespace DisruptorStream.Properties.Model;

/// <summary>The model itself is held against the vectors, which were taken from other engines' tests.</summary>
public sealed class WindowModelTests
{
    private static readonly Dictionary<string, WindowVector> Vectors = Directory
        .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "vectors"), "*.jsonl")
        .SelectMany(Vector.ReadFile)
        .OfType<WindowVector>()
        .ToDictionary(vector => vector.Id, StringComparer.Ordinal);

    public static TheoryData<string> Ids => [.. Vectors.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Run_Vector_IsAsExpected(string id) =>
        Assert.Null(VectorCheck.Compare(Vectors[id], WindowModel.Run(Vectors[id])));
}
