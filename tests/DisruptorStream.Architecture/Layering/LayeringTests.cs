namespace DisruptorStream.Architecture.Layering;

/// <summary>
/// Each folder of the engine uses only those below it: by what the compiled code refers to, not by using lines.
/// </summary>
public sealed class LayeringTests
{
    private const int MostForeignTypes = 30;

    [Fact]
    public void Engine_EveryUse_GoesDownwards()
    {
        var assembly = typeof(StreamProcessorBuilder).Assembly;
        var problems = new List<string>();
        var uses = 0;
        foreach (var type in assembly.GetTypes())
        {
            foreach (var used in TypeUses.Of(type).Where(
                used => used.Assembly == assembly && used.Namespace is not null))
            {
                uses++;
                if (type.Namespace is { } space && CheckUse(type, space, used) is { } problem)
                    problems.Add(problem);
            }
        }

        Assert.True(uses > 1000, $"Only {uses} uses were seen.");
        Assert.True(
            problems.Count == 0, string.Join(Environment.NewLine, problems.Distinct().Order(StringComparer.Ordinal)));
    }

    /// <summary>What knows everything is where everything is tied together.</summary>
    [Fact]
    public void Engine_EveryFile_NamesFewTypesOfOtherFolders()
    {
        var assembly = typeof(StreamProcessorBuilder).Assembly;
        var named = new Dictionary<Type, HashSet<Type>>();
        foreach (var type in assembly.GetTypes().Where(type => type.Namespace is not null))
        {
            var user = Outermost(type);
            if (!named.TryGetValue(user, out var others))
                named.Add(user, others = []);
            foreach (var used in TypeUses.Of(type).Where(IsOfTheEngine).Select(Definition))
            {
                if (used.Namespace != user.Namespace)
                    others.Add(used);
            }
        }

        var worst = named.OrderByDescending(pair => pair.Value.Count).ToArray();
        Assert.True(worst[0].Value.Count > 10, "Hardly a use was seen.");
        Assert.True(
            worst[0].Value.Count <= MostForeignTypes,
            string.Join(Environment.NewLine, worst
                .TakeWhile(pair => pair.Value.Count > MostForeignTypes)
                .Select(pair => $"{pair.Key.FullName} names {pair.Value.Count} types of other folders: "
                    + string.Join(", ", pair.Value.Select(type => type.Name).Order(StringComparer.Ordinal)))));
    }

    [Theory]
    [InlineData("Rings", "Events", false)]
    [InlineData("Events", "Rings", true)]
    [InlineData("Emission", "Ingest", false)]
    [InlineData("Ingest.Keys", "Ingest", true)]
    [InlineData("Ingest", "Pipeline", false)]
    [InlineData("Building", "Pipeline.Staged", true)]
    [InlineData("Unheard", "Rings", false)]
    [InlineData("Pipeline", "Unheard", false)]
    public void Check_MadeUpUse_IsJudgedByItsRows(string from, string to, bool isAllowed) => Assert.Equal(
        isAllowed,
        Layers.Engine.Check("User", $"DisruptorStream.{from}", "Used", $"DisruptorStream.{to}") is null);

    [Fact]
    public void TypeUsesOf_TypeInABodyOnly_IsFound()
    {
        Assert.Contains(typeof(BitConverter), TypeUses.Of(typeof(UsesInABody)));
        Assert.Contains(typeof(Lazy<>), TypeUses.Of(typeof(UsesInABody)));
        Assert.Contains(typeof(Version), TypeUses.Of(typeof(UsesInABody)));
    }

    private static string? CheckUse(Type user, string space, Type used) =>
        Layers.Engine.Check(Outermost(user).FullName!, space, Outermost(used).FullName!, used.Namespace!);

    // What the compiler makes for constants has no namespace.
    private static bool IsOfTheEngine(Type type) =>
        type.Assembly == typeof(StreamProcessorBuilder).Assembly && type.Namespace is not null;

    private static Type Definition(Type type)
    {
        var outer = Outermost(type);
        return outer.IsConstructedGenericType ? outer.GetGenericTypeDefinition() : outer;
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private sealed class UsesInABody
    {
        public override string ToString() =>
            BitConverter.IsLittleEndian ? Activator.CreateInstance<Lazy<Version>>().ToString()! : "";
    }
}
