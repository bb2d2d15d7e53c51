/**
 * What most passwords that leaked again and again are made of, written down for this project from what is generally known of
 * them: the words themselves, in lower case and without what people put around them. `core/identity/guessable-password.ts`
 * looks behind capitals, digits, signs and letters written as digits, so that each word here stands for some hundred
 * thousand passwords. It is no copy of a leaked list, and what is neither on it nor made like it is not noticed.
 */
export const GUESSABLE_WORDS: ReadonlySet<string> = new Set(
  `
password passwort passw pass passwd passcode passphrase motdepasse contrasena contraseña senha parola wachtwoord haslo heslo
admin administrator administrador root user guest test tester testing demo default login logon signin welcome willkommen
bienvenue changeme changeit change letmein letmeinnow openup secret topsecret private access master superuser super system server
service support helpdesk operator manager office company business internet network computer laptop desktop windows microsoft
google facebook instagram twitter youtube whatsapp telegram wechat weixin alipay taobao baidu tencent alibaba huawei xiaomi
apple iphone samsung nokia android linux ubuntu debian oracle mysql postgres database cisco router switch wireless wifi
hospital clinic doctor nurse patient radiology radiologist xray dicom pacs viewer medical medicine health healthcare surgery
cardiology emergency yunying orthanc imaging scanner archive
qwerty qwertz azerty qwertyuiop qwertyui qwert asdf asdfg asdfgh asdfghjkl asdfjkl zxcv zxcvb zxcvbn zxcvbnm qaz qazwsx
qazwsxedc wsx edc rfv qwe asd zxc qweasd qweasdzxc poiuy poiuytrewq lkjhgfdsa mnbvcxz poi lkj wasd jkl
abc abcd abcde abcdef abcdefg abcdefgh xyz aaa aaaa bbb xxx xxxx zzz abcabc abab aabb asas qaqa
iloveyou ilove iloveu loveyou loveme love lover lovely loves luv youandme truelove mylove mybaby baby babe babygirl babyboy
honey sweet sweetie sweetheart darling angel angels princess prince queen king kingdom beauty beautiful handsome gorgeous
sunshine sunflower sunny moonlight moon star stars starlight rainbow heaven hello hellohello hi hey goodbye goodluck lucky
happy happiness smile friend friends family mother father mom dad mommy daddy mama papa sister brother
dragon monkey tiger lion panther eagle falcon hawk wolf wolves bear panda koala rabbit bunny kitty kitten cat cats puppy dog
doggy horse pony dolphin shark whale fish turtle snake cobra viper spider scorpion phoenix unicorn butterfly bird chicken duck
mouse rat pig cow buffalo bull
football soccer baseball basketball hockey tennis golf cricket rugby volleyball swimming boxing karate ninja samurai runner
champion winner player gamer games gaming playstation xbox nintendo mario zelda pokemon pikachu naruto sasuke goku dragonball
minecraft fortnite roblox counter strike callofduty warcraft starcraft diablo league legends dota steam
superman batman spiderman ironman captain america wonderwoman joker hulk thor avengers marvel starwars vader yoda skywalker
jedi matrix neo trinity terminator rambo rocky rocknroll hunter killer slayer warrior soldier ranger knight wizard merlin gandalf
hobbit frodo legolas harrypotter potter hogwarts hermione snape simpsons homer bart mickey minnie donald goofy snoopy garfield
scooby scoobydoo tinkerbell nemo simba bambi shrek spongebob patrick barbie
arsenal liverpool chelsea manchester united barcelona realmadrid madrid juventus milan inter bayern dortmund yankees redsox
cowboys steelers eagles packers raiders broncos patriots lakers bulls celtics ferrari porsche mercedes bmw audi honda toyota
nissan yamaha suzuki kawasaki ducati harley davidson mustang corvette camaro chevy chevrolet dodge ford jaguar lamborghini
summer winter spring autumn fall january february march april may june july august september october november december monday
tuesday wednesday thursday friday saturday sunday sommer herbst fruehling frühling verano invierno printemps hiver ete
red orange yellow green blue purple pink black white silver gold golden diamond crystal pearl ruby emerald sapphire platinum
cookie cookies chocolate candy sugar honeybee apple banana orange lemon cherry strawberry peach mango pepper ginger pumpkin
butter cheese pizza coffee beer whiskey vodka tequila cocacola pepsi
michael jordan jessica ashley daniel matthew andrew joshua thomas robert charlie jennifer nicole amanda samantha hannah michelle
anthony william joseph richard christopher christian justin david james john george steven kevin brian jason jonathan alexander
alexandra alexis benjamin nicholas taylor madison brandon tyler austin dakota hunter morgan logan rachel rebecca sarah laura
elizabeth victoria natalie vanessa melissa stephanie danielle jasmine maria carlos juan jose antonio francisco alejandro andrea
sofia lucia carmen isabel miguel luis pedro pablo diego sergio marco mario luca giulia francesca martina chiara paolo andreas
stefan peter markus sebastian florian julia anna lena katharina claudia sabine petra martin klaus wolfgang hans jean pierre
marie sophie camille nathalie isabelle olivier nicolas julien antoine ivan dmitri sergey sergei natasha olga tatiana ekaterina
svetlana marina vladimir nikita artem ali ahmed mohammed muhammad fatima hassan hussein omar yusuf mehmet mustafa emre
maggie buster bailey max molly lucy bella coco daisy sadie toby rusty shadow lucky oscar oliver simon harley ginger smokey
america american canada australia england london paris berlin tokyo japan china beijing shanghai guangzhou shenzhen hongkong
taiwan korea seoul india mumbai delhi brasil brazil mexico argentina espana españa france germany deutschland italia italy
russia moscow ukraine poland polska newyork chicago boston texas dallas houston california florida miami vegas phoenix denver
trustno trustnoone trustme whatever nothing everything anything something nobody somebody blink slipknot metallica nirvana
eminem tupac biggie beatles elvis madonna britney beyonce rihanna onedirection justinbieber linkinpark greenday acdc
freedom liberty peace justice power energy thunder lightning storm hurricane fire ice water ocean river mountain island
forest flower rose lily jesus christ god godisgood jesuschrist blessed faith hope grace savior bible church heaven
maverick mercury saturn jupiter neptune apollo zeus athena hercules achilles spartan trojan titan atlas voyager enterprise
startrek spock discovery galaxy universe cosmos
fuck fuckyou fuckme fuckoff shit bitch asshole pussy sexy sex sexsex hotmail gmail yahoo outlook email mail
money dollar cash rich million bank bitcoin crypto ethereum trader
school student teacher college university library class
correcthorsebatterystaple opensesame sesame abracadabra hocuspocus qwertyqwerty passpass passwordpassword adminadmin
administratoradmin rootroot testtest useruser guestguest welcomehome helloworld thisismypassword mypassword newpassword
newpass oldpassword yourpassword nopassword blank empty none null temp temporary tmppass initial first firsttime
woaini woaiwojia woaimama woaizhongguo iloveyou nihao nihaoma zhongguo zhonghua beijinghuanying gongxifacai xinnian kuaile
laopo laogong baobei baobao mama baba jiayou zhang wang li liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin luo
gao zheng liang xie song tang deng han feng cao peng zeng xiao tian dong pan yuan cai jiang wei wangwei zhangwei liwei wangfang
zhanglei lina liuyang chenjie yangyang lili xiaoming xiaohong yiyi qq caonima tamade dashabi shabi mima wodemima yisheng
yiyuan fangsheke huanzhe
woaini woainima aini ainiyiwannian yishengyishi
`
    .trim()
    .split(/\s+/),
)
