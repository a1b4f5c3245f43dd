using System.Reflection;
using Abi.Posix;
using Programs.Language;

namespace Programs.Tests.Language;

public class ConstantsTests
{
    private static IEnumerable<(string Name, long Value)> OfTheAbi =>
        Members(typeof(OpenFlags)).Concat(Members(typeof(Whence)))
            .Concat(Members(typeof(SocketConstants))).Concat(Members(typeof(ModeBits)))
            .Concat(Members(typeof(Descriptor)));

    [Fact]
    public void A_constant_has_the_value_that_the_ABI_gives_its_name()
    {
        var known = OfTheAbi.Where(each => Constants.Find(each.Name) is not null).ToList();
        Assert.True(known.Count >= 18, string.Join(' ', known));
        Assert.All(known, each => Assert.Equal(each.Value, Constants.Find(each.Name)));
    }

    [Fact]
    public void Every_flag_of_open_and_lseek_has_a_name_in_programs() =>
        Assert.All(
            Members(typeof(OpenFlags)).Concat(Members(typeof(Whence)))
                .Where(each => each.Name != "O_ACCMODE"),
            each => Assert.NotNull(Constants.Find(each.Name)));

    private static IEnumerable<(string Name, long Value)> Members(Type type) => type
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral && (type.IsEnum || field.FieldType == typeof(int)))
        .Select(field => (field.Name, Convert.ToInt64(field.GetRawConstantValue())));
}
