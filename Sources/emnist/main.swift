import Support
for t in ["{\"a\": tru}", "", "{\"a\":1,}", "[1 2]", "{\"a\":\"x"] { do { print(try JSONValue(parsing: Array(t.utf8), path: "f.json")) } catch { print(error) } }
print(try JSONValue(parsing: Array("{\"a\":[1,2.5,1e-3,true,null,\"x/y\"]}".utf8), path: "f").text(pretty: true), fixed(3.14159, 2), grouped(-1234567), duration(75))
