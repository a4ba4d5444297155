using DisruptorStream.Aggregation;
using DisruptorStream.Emission;

namespace DisruptorStream.Tests.Emission;

public sealed class ResultSchemaTests
{
    [Fact]
    public void IndexOf_KnownName_GivesItsPlace() => Assert.Equal(1, Rows.CountAndSum.IndexOf("sum"));

    [Fact]
    public void IndexOf_UnknownName_NamesTheValidOnes()
    {
        var error = Assert.Throws<ArgumentException>(() => Rows.CountAndSum.IndexOf("Sum"));
        Assert.StartsWith(
            "There is no metric 'Sum'; there are count, sum; did you mean 'sum'?",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void IndexOf_NothingNear_GuessesNothing()
    {
        var error = Assert.Throws<ArgumentException>(() => Rows.CountAndSum.IndexOf("elephant"));
        Assert.StartsWith(
            "There is no metric 'elephant'; there are count, sum.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryIndexOf_UnknownName_IsFalse()
    {
        Assert.False(Rows.CountAndSum.TryIndexOf("none", out var column));
        Assert.Equal(-1, column);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void TypeOf_UnknownColumn_NamesTheRange(int column)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Rows.CountAndSum.TypeOf(column));
        Assert.Contains("below 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_TypesDoNotMatchNames_Throws() =>
        Assert.Throws<ArgumentException>(() => new ResultSchema(["count"], []));

    [Fact]
    public void TypeOf_EachColumn_IsTheTypeGiven() =>
        Assert.Equal([MeasureType.Int64, MeasureType.Double], [Rows.CountAndSum.TypeOf(0), Rows.CountAndSum.TypeOf(1)]);
}
