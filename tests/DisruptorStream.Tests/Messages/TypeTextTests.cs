using DisruptorStream.Messages;

namespace DisruptorStream.Tests.Messages;

public sealed class TypeTextTests
{
    [Theory]
    [InlineData(typeof(int), "int")]
    [InlineData(typeof(string[]), "string[]")]
    [InlineData(typeof(long?[,]), "long?[,]")]
    [InlineData(typeof(Uri), "Uri")]
    [InlineData(typeof(Dictionary<string, List<int>>), "Dictionary<string, List<int>>")]
    [InlineData(typeof(Dictionary<string, Uri>.KeyCollection), "Dictionary<string, Uri>.KeyCollection")]
    [InlineData(typeof(Outer<int>.Inner<string>), "TypeTextTests.Outer<int>.Inner<string>")]
    [InlineData(typeof(List<>), "List<T>")]
    public void Of_AnyType_IsAsInCode(Type type, string expected) => Assert.Equal(expected, TypeText.Of(type));

    private static class Outer<T>
    {
        public sealed record Inner<TInner>(T First, TInner Second);
    }
}
